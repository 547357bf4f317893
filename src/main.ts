import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import { cachedApplication } from './bootstrap/cached-application.js';
import { stopOnSignal, type Started } from './bootstrap/graceful-shutdown.js';
import { createLocalServer } from './bootstrap/local-server.js';
import { LocalServices } from './bootstrap/local-services.js';
import { processEnvironment } from './config/environment.js';
import { messageOf } from './common/errors.js';
import { keepSweeping, syncSchedules } from './bootstrap/schedules.js';
import { seedDemo, type DemoLogin } from './features/demo-data/seed-demo.js';

const distribution = dirname(dirname(fileURLToPath(import.meta.url)));
const publicFolder = join(dirname(distribution), 'public');

/** The ordinary process: the same doors as on functions, with a database and a QStash server of its own where none is named. */
async function main(): Promise<void> {
  const environment = processEnvironment();
  let ready = false;
  const server = createLocalServer(publicFolder, () => ready);
  await new Promise<void>((done, fail) => server.once('error', fail).listen(environment.port, environment.host, done));
  const started: Started = { server, services: new LocalServices(), application: null };
  const isStopping = stopOnSignal(started);
  try {
    const { port } = server.address() as AddressInfo;
    await started.services.start(environment, distribution, `http://127.0.0.1:${port}`);
    const application = await cachedApplication();
    started.application = application;
    ready = true;
    const mayWrite = (await application.readOnlyReason()) === null;
    const login = environment.demo && mayWrite ? await seedDemo(application.nest) : null;
    if (mayWrite) await syncSchedules(application);
    await keepSweeping(application);
    announce(environment.host, port, login);
  } catch (error) {
    if (!isStopping()) throw error;
  }
}

function announce(host: string, port: number, login: DemoLogin | null): void {
  const address = `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;
  process.stdout.write(`\n  Perch is ready at ${address}\n  Careers page:    ${address}/careers/demo\n${login === null ? '' : `  Demo login:      ${login.email}  ${login.password}\n`}\n`);
  process.send?.({ ready: true, port });
}

main().catch((error: unknown) => {
  const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(`${busy ? 'The port is in use. Set PORT to another one.' : messageOf(error)}\n`);
  process.exit(1);
});

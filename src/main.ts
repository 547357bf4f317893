import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import { cachedApplication } from './bootstrap/cached-application.js';
import { stopOnSignal } from './bootstrap/graceful-shutdown.js';
import { createLocalServer } from './bootstrap/local-server.js';
import { startLocalServices } from './bootstrap/local-services.js';
import { processEnvironment } from './config/environment.js';
import { messageOf } from './common/errors.js';
import { registerSchedules, sweepOnce } from './bootstrap/schedules.js';
import { seedDemo } from './features/demo-data/seed-demo.js';

const distribution = dirname(dirname(fileURLToPath(import.meta.url)));
const publicFolder = join(dirname(distribution), 'public');

/** The ordinary process: the same doors as on functions, with a database and a QStash server of its own where none is named. */
async function main(): Promise<void> {
  const environment = processEnvironment();
  const server = createLocalServer(publicFolder);
  await new Promise<void>((done, fail) => server.once('error', fail).listen(environment.port, environment.host, done));
  const { port } = server.address() as AddressInfo;
  const address = `http://${environment.host === '127.0.0.1' || environment.host === '0.0.0.0' ? 'localhost' : environment.host}:${port}`;
  const services = await startLocalServices(environment, distribution, `http://127.0.0.1:${port}`);
  stopOnSignal(server, services);
  const application = await cachedApplication();
  const login = environment.demo ? await seedDemo(application.nest) : null;
  await registerSchedules(application);
  await sweepOnce(application);
  process.stdout.write(`\n  Perch is ready at ${address}\n  Careers page:    ${address}/careers/demo\n${login === null ? '' : `  Demo login:      ${login.email}  ${login.password}\n`}\n`);
  process.send?.({ ready: true, port });
}

main().catch((error: unknown) => {
  const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(`${busy ? 'The port is in use. Set PORT to another one.' : messageOf(error)}\n`);
  process.exit(1);
});

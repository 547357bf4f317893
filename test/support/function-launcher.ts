import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { doorOf } from '../../src/bootstrap/doors.js';
import { LocalServices } from '../../src/bootstrap/local-services.js';
import { processEnvironment } from '../../src/config/environment.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const run = promisify(execFile);
const distribution = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Serves the built functions as a platform does: each path below /api by the file of its name in api/, loaded at its first request. */
async function main(): Promise<void> {
  const server = createServer((request, response) => {
    const name = doorOf((request.url ?? '/').split('?')[0]!);
    if (!name) return void response.writeHead(404).end();
    void (import(`../../api/${name}.js`) as Promise<{ default: Handler }>).then((file) => file.default(request, response));
  });
  await new Promise<void>((done) => server.listen(processEnvironment().port, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const services = new LocalServices();
  await services.start(processEnvironment(), distribution, `http://127.0.0.1:${port}`);
  // Processes of their own, as at a deployment: GraphQL types register themselves globally and must not be loaded twice.
  for (const command of ['seed', 'schedules']) await run(process.execPath, [join(distribution, '..', 'scripts', 'perch.mjs'), command]);
  process.once('SIGTERM', () => void services.stop().finally(() => process.exit(0)));
  process.send?.({ ready: true, port });
}

void main();

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DOORS } from '../../src/bootstrap/doors.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves the built functions of this environment and nothing else; on SIGTERM it answers what it has begun and ends. */
const server = createServer((request, response) => {
  const name = /^\/api\/([a-z-]+)/.exec(request.url ?? '')?.[1] ?? '';
  if (!(DOORS as readonly string[]).includes(name)) return void response.writeHead(404).end();
  void (import(`../../api/${name}.js`) as Promise<{ default: Handler }>).then((file) => file.default(request, response));
});
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
server.listen(0, '127.0.0.1', () => process.send?.({ ready: true, port: (server.address() as AddressInfo).port }));

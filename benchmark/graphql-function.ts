import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportUsage } from './usage.js';

/** The graphql door as a platform runs it. The condition that the process is started with decides: the bundle, or the files themselves. */
const { default: handler } = (await import('../api/graphql.js')) as { default: (request: IncomingMessage, response: ServerResponse) => Promise<void> };
const server = createServer((request, response) => void handler(request, response));
reportUsage();
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

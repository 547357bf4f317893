import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Runs one function of a build as the platform's launcher does: from a folder in which nothing else lies, with the work after the answer kept. */
const [folder, file] = process.argv.slice(2) as [string, string];
process.chdir(folder);
Object.assign(globalThis, { [Symbol.for('@vercel/request-context')]: { get: () => ({ waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined) }) } });
let handler = (await import(pathToFileURL(join(folder, file)).href)) as { default?: unknown };
while (typeof handler !== 'function' && handler.default !== undefined) handler = handler.default as typeof handler;
const server = createServer(handler as unknown as Handler);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

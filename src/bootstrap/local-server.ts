import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import compression from 'compression';
import sirv from 'sirv';
import { DOORS, doorOf, WELL_KNOWN } from './doors.js';
import { functionHandler, type FunctionHandler } from './function-handler.js';
import { SECURITY_HEADERS } from './security-headers.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

/** Brotli or gzip, as the edge of a platform does for functions. Streams of events ask not to be transformed, and are not. */
const compress = compression();

/** Files of the built web application; every other path shows it too, so that links into it can be opened directly. */
function webApplication(folder: string): Answer {
  if (!existsSync(join(folder, 'index.html'))) {
    return (_request, response) => void response.writeHead(404, { 'content-type': 'text/plain' }).end('The web application has not been built. Run "npm run build".');
  }
  const files = sirv(folder, {
    single: true, etag: true, dev: false,
    setHeaders: (response, path) => response.setHeader('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
  });
  return (request, response) => files(request, response, () => answerJson(response, 404, { code: 'NOT_FOUND', title: 'There is nothing here.' }));
}

/**
 * One server for all doors and the web application: what a platform does with functions, in one process. While isReady is
 * false, the doors say that Perch is starting.
 */
export function createLocalServer(publicFolder: string, isReady: () => boolean): Server {
  const handlers = new Map<string, FunctionHandler>(DOORS.map((name) => [name, functionHandler(name)]));
  const web = webApplication(publicFolder);
  const answer: Answer = (request, response) => {
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    const path = (request.url ?? '/').split('?')[0]!;
    if (Object.hasOwn(WELL_KNOWN, path)) request.url = WELL_KNOWN[path]!;
    const door = doorOf(WELL_KNOWN[path] ?? path);
    const handler = door && handlers.get(door);
    if (handler && !isReady()) answerJson(response.setHeader('retry-after', '1'), 503, { code: 'STARTING', title: 'Perch is starting. Try again in a moment.' });
    else if (handler) void handler(request, response);
    else if (path.startsWith('/api/')) answerJson(response, 404, { code: 'NOT_FOUND', title: 'There is no such address.' });
    else web(request, response);
  };
  // Written for a framework whose requests know more; what it reads is there.
  const compressed = compress as unknown as (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  return createServer((request, response) => compressed(request, response, () => answer(request, response)));
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { publicError, problemResponse } from '../../src/protocols/http/problem.js';
import { readBody } from '../../src/protocols/http/request-body.js';
import type { Door } from '../../src/protocols/http/door.js';

async function answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://perch.invalid');
  const { status, headers = {}, body } = await door.handle({
    method: request.method!, url, headers: request.headers, ip: '127.0.0.1', requestId: 'benchmark', raw: request, body: (limit) => readBody(request, limit),
  }).catch((error: unknown) => {
    process.stderr.write(`a delivery was refused: ${publicError(error).message}\n`);
    return problemResponse(error, 'benchmark');
  });
  response.writeHead(status, headers as Record<string, string | string[]>).end(body);
}

/** Serves one door at every path, for deliveries of the QStash server. */
export async function serveDoor(door: Door, port: number): Promise<void> {
  const server = createServer((request, response) => void answer(door, request, response));
  await once(server.listen(port, '127.0.0.1'), 'listening');
}

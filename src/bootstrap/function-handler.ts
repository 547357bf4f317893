import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '../common/ids.js';
import type { Environment } from '../config/environment.js';
import { Logger } from '../infrastructure/logging/logger.js';
import type { DoorRequest, DoorResponse } from '../protocols/http/door.js';
import { problemResponse, publicError } from '../protocols/http/problem.js';
import { readBody } from '../protocols/http/request-body.js';
import { keepAwakeFor } from './after-answer.js';
import { cachedApplication } from './cached-application.js';
import { answerCrossOrigin } from './cross-origin.js';
import { sweepAfterRequest } from './schedules.js';
import { sendStream } from './streamed-answer.js';

export type FunctionHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function callerAddress(request: IncomingMessage, environment: Environment): string {
  const direct = request.socket.remoteAddress ?? '';
  if (!environment.trustProxy) return direct;
  const real = request.headers['x-real-ip'];
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',').at(-1)?.trim();
  return (typeof real === 'string' ? real : forwarded) || direct;
}

const traceparentOf = ({ headers }: IncomingMessage): string | null => (typeof headers['traceparent'] === 'string' ? headers['traceparent'] : null);

function doorRequest(request: IncomingMessage, environment: Environment, requestId: string): DoorRequest {
  let read: Promise<Buffer> | null = null;
  return {
    method: request.method ?? 'GET',
    url: new URL((request.url ?? '/').replace(/^\/+/, '/'), 'http://perch.invalid'),
    headers: request.headers,
    ip: callerAddress(request, environment),
    requestId,
    raw: request,
    body: (limit) => (read ??= readBody(request, limit)),
  };
}

/** Sends the answer, a stream to its end. A stream that fails leaves an answer that is shorter than it said, for the caller to see. */
async function send(response: ServerResponse, requestId: string, { status, headers = {}, body, stream }: DoorResponse): Promise<void> {
  if (response.headersSent || response.destroyed) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string | string[]);
  response.setHeader('x-request-id', requestId);
  response.setHeader('x-content-type-options', 'nosniff');
  if (stream) await sendStream(response, stream);
  else if (body instanceof Readable) await pipeline(body, response).catch(() => response.destroy());
  else response.end(body);
}

/** The application could not be built, so there is no logger of it: an incomplete environment must not stay a riddle. */
function reportStart(error: unknown): never {
  new Logger('error').error('Perch could not start', error);
  throw error;
}

/**
 * The handler of one path below /api, by the name of its door. The first call builds the application; what goes wrong,
 * there too, is answered as problem+json.
 */
export function functionHandler(name: string): FunctionHandler {
  return async (request, response) => {
    const requestId = newId();
    try {
      const application = await cachedApplication().catch(reportStart);
      if (answerCrossOrigin(request, response, application.environment)) return;
      response.once('close', () => application.telemetry.count('perch.http.requests', 1, { door: name, status: `${Math.floor(response.statusCode / 100)}xx` }));
      const door = application.doors.get(name);
      if (!door) throw new Error(`There is no door "${name}".`);
      try {
        const begin = performance.now();
        const span = { kind: 'server', parent: traceparentOf(request), attributes: { 'http.request.method': request.method ?? 'GET', 'perch.request.id': requestId } } as const;
        const answer = await application.telemetry.span(`${request.method} /api/${name}`, span, () => door.handle(doorRequest(request, application.environment, requestId)),
          ({ status }) => ({ 'http.response.status_code': status }));
        application.telemetry.record('perch.http.duration', performance.now() - begin, { door: name });
        await send(response, requestId, answer);
      } catch (error) {
        if (publicError(error) !== error) application.logger.error('a request failed', error, { requestId, door: name });
        throw error;
      } finally {
        if (application.environment.onFunctions) keepAwakeFor(Promise.all([application.telemetry.flush(), application.reporter.flush()]));
      }
      sweepAfterRequest(application);
    } catch (error) {
      await send(response, requestId, problemResponse(error, requestId));
    } finally {
      // A body that was refused is not read to its end; the connection cannot be used for another request then.
      if (!request.readableEnded) request.resume();
    }
  };
}

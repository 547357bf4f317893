import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Environment } from '../config/environment.js';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = 'authorization, content-type, idempotency-key, if-match, x-perch-workspace, x-apollo-operation-name, apollo-require-preflight';
const EXPOSED = 'etag, retry-after, x-request-id';
const PREFLIGHT_SECONDS = '600';

/** The star of PERCH_PREVIEW_ORIGIN stands for one part of a host name, never for a dot: otherwise any site could be made to fit. */
const fits = (pattern: string, origin: string): boolean =>
  new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('[a-z0-9-]+')}$`).test(origin);

/** Whether pages of the origin may read answers: the domain of Perch, and its previews. */
export function isKnownOrigin(origin: string, { publicUrl, previewOrigin }: Pick<Environment, 'publicUrl' | 'previewOrigin'>): boolean {
  return (publicUrl !== null && new URL(publicUrl).origin === origin) || (previewOrigin !== null && fits(previewOrigin, origin));
}

/**
 * Lets pages of known origins read the answer, never with cookies. Returns whether the request was only the question of a browser
 * whether it may ask, which is answered then. Others get no header, so that their browser keeps the answer from them.
 */
export function answerCrossOrigin(request: IncomingMessage, response: ServerResponse, environment: Environment): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  response.setHeader('vary', 'origin');
  if (!isKnownOrigin(origin, environment)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', EXPOSED);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
  response.writeHead(204, { 'access-control-allow-methods': METHODS, 'access-control-allow-headers': HEADERS, 'access-control-max-age': PREFLIGHT_SECONDS }).end();
  return true;
}

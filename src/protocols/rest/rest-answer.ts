import type { JsonObject } from '../../common/json.js';
import type { RestOperation } from './rest-operation.js';
import { entityTag } from './rest-input.js';

/** Below this all operations are. */
export const REST_ROOT = '/api/v1';

/** The address of the page after this one: the same question with the cursor. */
function nextPage(url: URL, path: string, cursor: string): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete('route');
  query.set('after', cursor);
  return `<${REST_ROOT}${path}?${query.toString()}>; rel="next"`;
}

/** What an answer tells in its head: the tag of a record, the next page of a list, the address of what was made. */
export function answerHeaders({ location }: RestOperation, answer: JsonObject, url: URL, path: string): Record<string, string> {
  const { version, nextCursor } = answer;
  const made = location && answer[location.member];
  return {
    ...(typeof version === 'number' ? { etag: entityTag(version) } : {}),
    ...(typeof nextCursor === 'string' ? { link: nextPage(url, path, nextCursor) } : {}),
    ...(location && typeof made === 'string' ? { location: `${REST_ROOT}${location.path.replace('{id}', made)}` } : {}),
  };
}

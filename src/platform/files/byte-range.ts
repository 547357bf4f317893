import type { ByteRange } from '../../infrastructure/object-storage/object-storage.js';

/**
 * The one range that a Range header asks for (RFC 9110 section 14), within the size in bytes; null where the whole is to be sent,
 * also for several ranges and for what cannot be read; `unsatisfiable` where it begins behind the end.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, from = '', to = ''] = match;
  if (from === '') return Number(to) === 0 ? 'unsatisfiable' : { first: Math.max(0, size - Number(to)), last: size - 1 };
  const range = { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
  if (to !== '' && Number(to) < range.first) return null;
  return range.first >= size ? 'unsatisfiable' : range;
}

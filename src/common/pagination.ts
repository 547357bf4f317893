import { invalidInput } from './errors.js';

export const MAX_PAGE_SIZE = 200;
export const DEFAULT_PAGE_SIZE = 50;

/** A page of a list that goes on at `endCursor`; `totalCount` is counted only where it was asked for. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Where a page ended: the value of the sort column in that row, as text, and the row's id. */
export interface CursorPosition {
  readonly sort: string;
  readonly value: string | null;
  readonly id: string;
}

export const encodeCursor = (position: CursorPosition): string =>
  Buffer.from(JSON.stringify([position.sort, position.value, position.id])).toString('base64url');

/**
 * Reads a cursor that `encodeCursor` made for the same sort order.
 * Throws INVALID_INPUT for anything else, so that a changed cursor never reaches SQL.
 */
export function decodeCursor(cursor: string, sort: string): CursorPosition {
  const bad = invalidInput('The cursor does not belong to this list. Start again without one.', 'after');
  if (cursor.length > 2_000) throw bad;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw bad;
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) throw bad;
  const [name, value, id] = parsed as unknown[];
  if (name !== sort || typeof id !== 'string' || !(value === null || typeof value === 'string')) throw bad;
  return { sort, value, id };
}

/** The number of rows to read: the caller's `first`, checked against the limits. */
export function pageSize(first: number | null | undefined): number {
  if (first === null || first === undefined) return DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE_SIZE) {
    throw invalidInput(`"first" must be a whole number from 1 to ${MAX_PAGE_SIZE}.`, 'first');
  }
  return first;
}

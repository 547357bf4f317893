import { z } from 'zod';
import { isId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import type { ToolAnswer } from './mcp-tool.js';

const MOST = 50;

/** An id. Its schema says no more than that, because a model pays for a pattern too. */
export const ID_INPUT = z.string().refine(isId, 'is not an id');

/** How much of a list a tool answers with: small, because a model pays for every word. */
export const PAGE_INPUT = {
  limit: z.int().min(1).max(MOST).default(20),
  after: z.string().max(2_000).optional().describe('`next` of the page before'),
};

/** Reads what PAGE_INPUT asked for, in the words of our lists. */
export const pageOf = ({ limit, after }: { readonly limit: number; readonly after?: string | undefined }): { first: number; after: string | null } => ({ first: limit, after: after ?? null });

interface List<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** A page as a tool answers it; `next` is there where the list goes on. Empty members are left out. */
export async function pageAnswer<T>({ nodes, pageInfo }: List<T>, show: (node: T) => JsonObject | Promise<JsonObject>): Promise<ToolAnswer> {
  const items = (await Promise.all(nodes.map(show))).map(compact);
  return { result: pageInfo.hasNextPage ? { items, next: pageInfo.endCursor } : { items } };
}

/** The object without what is null or an empty list. */
export const compact = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined && !(Array.isArray(member) && member.length === 0)));

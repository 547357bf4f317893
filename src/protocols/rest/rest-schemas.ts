import { z } from 'zod';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page } from '../../common/pagination.js';
import { textUpTo } from '../../common/validation.js';

/** An id in an answer or in a query. */
export const ID = z.uuid();
export const TIME = z.iso.datetime();

/** A part of a text to look for. */
export const SEARCH_TEXT = textUpTo(200);

/** How much of a list is read. */
export const PAGE_QUERY = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE).describe('Records of a page.'),
  after: z.string().max(2_000).optional().describe('`nextCursor` of the page before. The Link header carries the whole address.'),
};

/** Reads what PAGE_QUERY asked for, in the words of our lists. */
export const pageOf = ({ limit, after }: { readonly limit: number; readonly after?: string | undefined }): { first: number; after: string | null } => ({ first: limit, after: after ?? null });

/** An answer schema that the document names. Answers hold what they declare and nothing else. */
export const named = <Shape extends z.core.$ZodLooseShape>(id: string, shape: Shape) => z.strictObject(shape).meta({ id });

/** The schema of a page of such records. */
export const pageSchema = <Item extends z.ZodObject>(id: string, item: Item) => named(id, { items: z.array(item), nextCursor: z.string().nullable().describe('Null at the end of the list.') });

interface List<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: Pick<Page<T>, 'endCursor' | 'hasNextPage'>;
}

/** A page as it is answered. */
export async function pageAnswer<T, Shown>({ nodes, pageInfo }: List<T>, show: (node: T) => Shown | Promise<Shown>): Promise<{ items: Shown[]; nextCursor: string | null }> {
  return { items: await Promise.all(nodes.map(show)), nextCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** A time as answers write it. */
export const timeText = (time: Date): string => time.toISOString();
export const timeOrNull = (time: Date | null): string | null => time?.toISOString() ?? null;

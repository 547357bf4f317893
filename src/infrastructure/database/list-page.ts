import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { invalidInput } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import { decodeCursor, encodeCursor, pageSize, type CursorPosition, type Page } from '../../common/pagination.js';

/** An order in which a list can be read. `expression` is SQL of ours over the query's alias and is never null. */
export interface SortOrder {
  readonly name: string;
  readonly expression: string;
  readonly type: 'timestamptz' | 'text' | 'numeric';
  readonly descending: boolean;
}

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?[+-](?:0\d|1[0-4])(?::[0-5]\d)?$/;

function isTime(text: string): boolean {
  const [year, month, day] = (TIME.exec(text) ?? []).slice(1).map(Number) as [number?, number?, number?];
  return year !== undefined && year > 0 && new Date(Date.UTC(year, month! - 1, day)).toISOString().startsWith(text.slice(0, 10));
}

/** Whether the position can stand in a comparison: a cursor that was changed must not end as an error of the database. */
function isPosition({ value, id }: CursorPosition, type: SortOrder['type']): boolean {
  if (value === null || !isId(id)) return false;
  if (type === 'timestamptz') return isTime(value);
  return type === 'text' ? !value.includes('\u0000') : /^-?\d{1,30}(?:\.\d{1,30})?$/.test(value);
}

/**
 * Reads one page by keyset, so that a deep page costs as much as the first. The alias must be that of the main entity.
 * Throws INVALID_INPUT for a page size out of bounds or a cursor of another list.
 */
export async function listPage<T extends ObjectLiteral & { id: string }>(
  query: SelectQueryBuilder<T>,
  sort: SortOrder,
  { first, after }: PageArguments,
): Promise<Page<T>> {
  const size = pageSize(first);
  const { alias } = query;
  const direction = sort.descending ? 'DESC' : 'ASC';
  if (after) {
    const position = decodeCursor(after, sort.name);
    if (!isPosition(position, sort.type)) throw invalidInput('The cursor does not belong to this list. Start again without one.', 'after');
    const comparison = sort.descending ? '<' : '>';
    query.andWhere(`(${sort.expression}, ${alias}.id) ${comparison} (CAST(:cursorValue AS ${sort.type}), CAST(:cursorId AS uuid))`, { cursorValue: position.value, cursorId: position.id });
  }
  // Not `::text`: where a filter has a parameter of that name, TypeORM would put it there.
  query.addSelect(`CAST(${sort.expression} AS text)`, 'sort_value');
  query.orderBy(sort.expression, direction).addOrderBy(`${alias}.id`, direction).limit(size + 1);
  const { entities, raw } = await query.getRawAndEntities<{ sort_value: string | null }>();
  const nodes = entities.slice(0, size);
  const last = nodes.at(-1);
  const endCursor = last ? encodeCursor({ sort: sort.name, value: raw[nodes.length - 1]!.sort_value, id: last.id }) : null;
  return { nodes, endCursor, hasNextPage: entities.length > size };
}

/** The text as a LIKE pattern that finds it anywhere, with the pattern's own signs taken literally. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

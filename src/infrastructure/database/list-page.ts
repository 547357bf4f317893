import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { decodeCursor, encodeCursor, pageSize, type Page } from '../../common/pagination.js';

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

import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import type { SecretBox } from '../../common/secret-box.js';
import type { SealedColumn } from './sealed-column.js';

const CHUNK = 200;

export interface ResealedChunk {
  readonly resealed: number;
  /** Secrets whose key is no longer there, or that were changed: they stay as they are. */
  readonly unreadable: number;
  /** Id of the last row that was looked at; null where there was none. */
  readonly last: string | null;
}

interface Row {
  readonly id: string;
  readonly workspaceId: string | null;
  readonly sealed: string;
}

/** What the table says of secrets that the current key did not seal. */
export const staleRows = ({ column }: SealedColumn, prefixAt: number): string => `${column} IS NOT NULL AND NOT starts_with(${column}, $${prefixAt})`;

/** Seals one chunk of a column's older secrets with the current key, in the order of their ids from `after` on. */
export async function resealChunk(manager: EntityManager, box: SecretBox, sealed: SealedColumn, after: string | null): Promise<ResealedChunk> {
  const { table, column, field, owner } = sealed;
  const rows = await manager.query<Row[]>(
    `SELECT id, ${owner === 'workspace' ? 'workspace_id' : 'NULL'} AS "workspaceId", ${column} AS sealed FROM ${table}
     WHERE ${staleRows(sealed, 1)} AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT ${CHUNK} FOR UPDATE`, [box.currentPrefix, after]);
  let unreadable = 0;
  for (const { id, workspaceId, sealed: text } of rows) {
    try {
      const place = { workspaceId, field };
      await manager.query(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, [id, box.seal(box.open(text, place), place)]);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      unreadable += 1;
    }
  }
  return { resealed: rows.length - unreadable, unreadable, last: rows.at(-1)?.id ?? null };
}

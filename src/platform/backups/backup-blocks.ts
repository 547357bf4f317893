import type { EntityManager } from 'typeorm';
import type { CopiedBlock } from '../../infrastructure/backup/copy-pass.js';

const COLUMNS = `table_name AS "table", chunk, width, filenode, xmin_then AS xmin, row_count AS rows, byte_count::float8 AS bytes, digest, parts`;

const UPSERT = `
INSERT INTO backup_block (backup_id, table_name, chunk, width, filenode, xmin_then, row_count, byte_count, digest, parts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (backup_id, table_name, chunk) DO UPDATE SET width = excluded.width, filenode = excluded.filenode, xmin_then = excluded.xmin_then,
  row_count = excluded.row_count, byte_count = excluded.byte_count, digest = excluded.digest, parts = excluded.parts`;

export const findBlocks = (manager: EntityManager, backupId: string): Promise<CopiedBlock[]> =>
  manager.query<CopiedBlock[]>(`SELECT ${COLUMNS} FROM backup_block WHERE backup_id = $1`, [backupId]);

export async function saveBlock(manager: EntityManager, backupId: string, { table, chunk, width, filenode, xmin, rows, bytes, digest, parts }: CopiedBlock): Promise<void> {
  await manager.query(UPSERT, [backupId, table, chunk, width, filenode, xmin, rows, bytes, digest, JSON.stringify(parts)]);
}

export async function deleteBlocks(manager: EntityManager, backupId: string): Promise<void> {
  await manager.query('DELETE FROM backup_block WHERE backup_id = $1', [backupId]);
}

/** Backups that were begun, and neither finished nor given up. */
export async function unfinishedBackups(manager: EntityManager): Promise<string[]> {
  return (await manager.query<{ id: string }[]>('SELECT DISTINCT backup_id AS id FROM backup_block')).map(({ id }) => id);
}

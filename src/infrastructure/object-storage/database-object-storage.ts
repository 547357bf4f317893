import type { RequestContext } from '../../common/request-context.js';
import type { Database } from '../database/database.js';
import { ObjectStorage } from './object-storage.js';

/**
 * Keeps files in PostgreSQL: they are written in the transaction of the row that names them, need no other service on
 * functions, and are isolated by the same row-level security.
 */
export class DatabaseObjectStorage extends ObjectStorage {
  constructor(private readonly database: Database) {
    super();
  }

  async put(context: RequestContext, key: string, content: Buffer): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO stored_object (workspace_id, key, content) VALUES ($1, $2, $3)
       ON CONFLICT (workspace_id, key) DO UPDATE SET content = excluded.content`,
      [context.workspace, key, content],
    ));
  }

  async find(context: RequestContext, key: string): Promise<Buffer | null> {
    const rows = await this.database.read(context, (manager) =>
      manager.query<{ content: Buffer }[]>('SELECT content FROM stored_object WHERE workspace_id = $1 AND key = $2', [context.workspace, key]));
    return rows[0]?.content ?? null;
  }

  async delete(context: RequestContext, key: string): Promise<void> {
    await this.database.write(context, (manager) =>
      manager.query('DELETE FROM stored_object WHERE workspace_id = $1 AND key = $2', [context.workspace, key]));
  }
}

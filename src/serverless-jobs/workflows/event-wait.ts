import type { EntityManager } from 'typeorm';

/** What an event may be called. */
export const EVENT_NAME = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * Held until the commit by whoever sends an event of these names and by every run that begins to wait for one or suspends
 * in such a wait. It is taken before any row of a job is locked, so that nobody waits in a circle.
 */
export async function lockEvents(manager: EntityManager, workspaceId: string, names: readonly string[]): Promise<void> {
  for (const name of [...new Set(names)].sort()) {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${workspaceId} event ${name}`]);
  }
}

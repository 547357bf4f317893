import type { EntityManager } from 'typeorm';
import type { RunKey } from './step-store.js';

/** What an event may be called. */
export const EVENT_NAME = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * Held until the commit by whoever sends an event of this name and by every run that begins to wait for one or suspends in
 * such a wait. It is taken before any row of a job is locked, so that nobody waits in a circle.
 */
export async function lockEvent(manager: EntityManager, workspaceId: string, name: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${workspaceId} event ${name}`]);
}

/** The same locks for all events that the run waits for, in the order of their names. */
export async function lockAwaitedEvents(manager: EntityManager, { workspaceId, id }: RunKey): Promise<void> {
  await manager.query(
    `SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' event ' || awaited.name, 0)) FROM (
       SELECT DISTINCT event_name AS name FROM workflow_step WHERE workspace_id = $1::uuid AND background_job_id = $2 AND state = 'waiting' AND event_name IS NOT NULL ORDER BY 1) awaited`,
    [workspaceId, id]);
}

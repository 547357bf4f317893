import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { WAKING_COLUMNS, type WakingJob } from '../outbox/wake-up.js';

/** A job that a workflow waits for, and how it ended. */
export interface EndedChild {
  readonly id: string;
  readonly workspaceId: string;
  readonly parentId: string;
  readonly parentStep: string;
  readonly result: JsonObject | null;
  /** Null where it is done. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/**
 * Hands the end of a child to the workflow that waits for it, in the transaction in which the child ends. Returns what is
 * to be woken; null where the parent waits no longer or is running and will see it by itself. The parent's row is locked
 * first, as everywhere, so that a parent that is about to suspend cannot miss it.
 */
export async function resolveParent(manager: EntityManager, child: EndedChild): Promise<WakingJob | null> {
  const { workspaceId, parentId } = child;
  const [parent] = await manager.query<{ live: boolean }[]>(
    `SELECT state IN ('queued', 'running', 'waiting', 'paused') AS live FROM background_job WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, [workspaceId, parentId]);
  if (!parent?.live) return null;
  const [resolved] = await manager.query<[{ name: string }[], number]>(
    `UPDATE workflow_step SET state = $5, result = $6, error_code = $7, error_message = $8, finished_at = now()
     WHERE workspace_id = $1 AND background_job_id = $2 AND name = $3 AND child_id = $4 AND state = 'waiting' RETURNING name`,
    [workspaceId, parentId, child.parentStep, child.id, child.failure ? 'failed' : 'done', child.result === null ? null : JSON.stringify(child.result),
      child.failure?.code ?? null, child.failure?.message ?? null],
  );
  if (resolved.length === 0) return null;
  return wakeWaiting(manager, workspaceId, parentId);
}

/** Lets a suspended workflow go on at once; null where it is not suspended. */
export async function wakeWaiting(manager: EntityManager, workspaceId: string, id: string): Promise<WakingJob | null> {
  const [rows] = await manager.query<[WakingJob[], number]>(
    `UPDATE background_job SET state = 'queued', run_at = now(), wake = wake + 1, published_at = NULL
     WHERE workspace_id = $1 AND id = $2 AND state = 'waiting' RETURNING ${WAKING_COLUMNS}`, [workspaceId, id]);
  return rows[0] ?? null;
}

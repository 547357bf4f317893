import type { EntityManager } from 'typeorm';

/** Gives the steps at which a run stopped fresh attempts: those under way, those whose failure ended it, and children that were cancelled with it. */
export async function resetStoppedSteps(manager: EntityManager, workspaceId: string, id: string): Promise<void> {
  await manager.query(
    `UPDATE workflow_step s SET state = 'retrying', attempts = 0, due_at = now(), error_code = NULL, error_message = NULL, finished_at = NULL
     WHERE s.workspace_id = $1 AND s.background_job_id = $2 AND (s.state IN ('running', 'retrying') OR (s.state = 'failed' AND s.due_at IS NOT NULL)
       OR (s.state = 'waiting' AND EXISTS (SELECT 1 FROM background_job c WHERE c.workspace_id = $1 AND c.id = s.child_id AND c.state = 'cancelled')))`, [workspaceId, id]);
}

/** An attempt at a step that a pause took back does not count. */
export async function forgivePausedSteps(manager: EntityManager, workspaceId: string, id: string): Promise<void> {
  await manager.query(
    `UPDATE workflow_step SET attempts = greatest(0, attempts - 1) WHERE workspace_id = $1 AND background_job_id = $2 AND state = 'running'`, [workspaceId, id]);
}

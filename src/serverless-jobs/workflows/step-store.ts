import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import type { AttemptKey } from '../runner/job-end.js';
import { STEP_COLUMNS, type StepKind, type StepRow } from './step-row.js';

/** The run whose steps are stored. */
export interface RunKey {
  readonly workspaceId: string;
  readonly id: string;
}

/** A step that has begun. */
export interface StepKey {
  readonly name: string;
  readonly position: number;
  readonly kind: StepKind;
  /** Attempts, with the present one. */
  readonly attempts: number;
}

export interface DoneRow {
  readonly result: string | null;
}

/** What a step waits for. Exactly one of `milliseconds` (from the database's now) and `at` for a time. */
export interface StepWait {
  readonly milliseconds?: number;
  readonly at?: Date;
  readonly eventName?: string;
  readonly match?: JsonObject;
  readonly childId?: string;
}

/** Beginning and end of a step are progress: from here on the count of the step's own attempts says when it is enough. */
const PROGRESS = `progress AS (UPDATE background_job SET progress_message = $3, attempts = 1 WHERE workspace_id = $1 AND id = $2)`;

const NOTE = plannedOnce(`WITH ${PROGRESS}
INSERT INTO workflow_step (workspace_id, background_job_id, name, position, kind, attempts, state) VALUES ($1, $2, $3, $4, $5, $6, 'running')
ON CONFLICT (background_job_id, name) DO UPDATE SET state = 'running', attempts = $6, due_at = NULL`);

/** By itself checks, under the lock of the job's row, that the attempt owns the run; otherwise it writes and returns nothing. */
const DONE = plannedOnce(`WITH progress AS (
  UPDATE background_job SET progress_message = $3, attempts = 1 WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND fence = $8 RETURNING id)
INSERT INTO workflow_step (workspace_id, background_job_id, name, position, kind, attempts, state, result, finished_at)
SELECT $1, $2, $3, $4::int, $5, $6::int, 'done', $7::jsonb, clock_timestamp() FROM progress
ON CONFLICT (background_job_id, name) DO UPDATE SET state = 'done', attempts = $6, result = excluded.result, due_at = NULL, error_code = NULL, error_message = NULL, finished_at = clock_timestamp()
RETURNING result::text AS result`);

/** A step that is done cannot fail any more. */
const FAILED = `WITH ${PROGRESS}
INSERT INTO workflow_step (workspace_id, background_job_id, name, position, kind, attempts, state, error_code, error_message, due_at, finished_at)
VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $9::float8 IS NULL THEN 'failed' ELSE 'retrying' END, $7, $8,
  now() + make_interval(secs => $9::float8), CASE WHEN $9::float8 IS NULL THEN clock_timestamp() END)
ON CONFLICT (background_job_id, name) DO UPDATE SET state = excluded.state, attempts = $6, error_code = $7, error_message = $8, due_at = excluded.due_at, finished_at = excluded.finished_at
WHERE workflow_step.state <> 'done'`;

const WAIT = `WITH ${PROGRESS}
INSERT INTO workflow_step (workspace_id, background_job_id, name, position, kind, attempts, state, due_at, event_name, match, child_id)
VALUES ($1, $2, $3, $4, $5, $6, 'waiting', coalesce($7, now() + make_interval(secs => $8::float8)), $9, $10, $11)
ON CONFLICT (background_job_id, name) DO UPDATE SET state = 'waiting', attempts = $6, due_at = excluded.due_at, event_name = $9, match = $10, child_id = $11,
  event_id = NULL, result = NULL, error_code = NULL, error_message = NULL, finished_at = NULL`;

const ONE = plannedOnce(`SELECT ${STEP_COLUMNS} FROM workflow_step WHERE workspace_id = $1 AND background_job_id = $2 AND name = $3`);
const ALL = plannedOnce(`SELECT ${STEP_COLUMNS} FROM workflow_step WHERE workspace_id = $1 AND background_job_id = $2 ORDER BY position, name`);
const FATAL = `UPDATE workflow_step SET due_at = finished_at WHERE workspace_id = $1 AND background_job_id = $2 AND name = ANY ($3) AND state = 'failed'`;

/** The rows of one run's steps. Every write belongs into a transaction in which the attempt owns the run. */
export class StepStore {
  constructor(private readonly run: AttemptKey) {}

  load(manager: EntityManager): Promise<StepRow[]> {
    return manager.query<StepRow[]>(ALL, [this.run.workspaceId, this.run.id]);
  }

  async find(manager: EntityManager, name: string): Promise<StepRow> {
    const [row] = await manager.query<StepRow[]>(ONE, [this.run.workspaceId, this.run.id, name]);
    return row!;
  }

  /** Counts an attempt before its work, so that a step which kills its process is counted too. */
  async note(manager: EntityManager, step: StepKey): Promise<void> {
    await manager.query(NOTE, this.values(step));
  }

  /** Returns the result as every replay will read it. */
  async done(manager: EntityManager, step: StepKey, result: string | null): Promise<string | null> {
    const { sql, values } = this.doneStatement(step, result);
    const [row] = await manager.query<DoneRow[]>(sql, values);
    return row!.result;
  }

  /** The same as one statement for `RunningJob.statement`; it returns a DoneRow. */
  doneStatement(step: StepKey, result: string | null): { sql: string; values: unknown[] } {
    return { sql: DONE, values: [...this.values(step), result, this.run.fence] };
  }

  /** `delay` in milliseconds until the next attempt; null where it has failed for good. Returns the row as it stands then. */
  async failed(manager: EntityManager, step: StepKey, { code, message }: { code: string; message: string }, delay: number | null): Promise<StepRow> {
    await manager.query(FAILED, [...this.values(step), code, message, delay === null ? null : delay / 1_000]);
    return this.find(manager, step.name);
  }

  async wait(manager: EntityManager, step: StepKey, { milliseconds, at, eventName, match, childId }: StepWait): Promise<void> {
    await manager.query(WAIT, [
      ...this.values(step), at ?? null, milliseconds === undefined ? null : milliseconds / 1_000, eventName ?? null, match === undefined ? null : JSON.stringify(match), childId ?? null,
    ]);
  }

  /** Marks the failures that end the run: a retry of the run begins with these steps, and with no failure that the workflow has dealt with. */
  async markFatal(manager: EntityManager, names: readonly string[]): Promise<void> {
    await manager.query(FATAL, [this.run.workspaceId, this.run.id, names]);
  }

  private values({ name, position, kind, attempts }: StepKey): unknown[] {
    return [this.run.workspaceId, this.run.id, name, position, kind, attempts];
  }
}

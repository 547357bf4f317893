import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import type { Database } from '../../infrastructure/database/database.js';

/** Another attempt has taken the job over, or it was cancelled: this one may have no effect any more. */
export class LostOwnershipError extends Error {
  constructor(jobId: string, attempt: number) {
    super(`Attempt ${attempt} no longer owns the background job ${jobId}.`);
    this.name = 'LostOwnershipError';
  }
}

/** The job as its handler sees it while it runs. */
export class RunningJob {
  private completed = false;

  constructor(
    private readonly database: Database,
    readonly context: RequestContext,
    readonly id: string,
    /** Number of this attempt, 1 for the first; also the fencing token. */
    readonly attempt: number,
    /** Aborted when the attempt's time is over. */
    readonly signal: AbortSignal,
  ) {}

  get isComplete(): boolean {
    return this.completed;
  }

  /** Runs effects in a transaction that commits only while this attempt owns the job and its time is not over. Throws LostOwnershipError. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.ownedTransaction((manager) => {
      if (this.signal.aborted) throw new LostOwnershipError(this.id, this.attempt);
      return work(manager);
    });
  }

  /** The same after the time is over: for the runner, which records how the attempt ended. */
  ownedTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.write(this.context, async (manager) => {
      await this.lockOwned(manager);
      return work(manager);
    });
  }

  /** Runs the last effects and marks the job as done in the same transaction, so that both happen exactly once. */
  async complete(work: (manager: EntityManager) => Promise<JsonObject>): Promise<void> {
    await this.transaction(async (manager) => {
      const result = await work(manager);
      await manager.query(
        `UPDATE background_job SET state = 'done', result = $3, progress_percent = 100, progress_message = NULL, lease_until = NULL,
                finished_at = now(), error_code = NULL, error_message = NULL WHERE workspace_id = $1 AND id = $2`,
        [this.context.workspace, this.id, JSON.stringify(result)],
      );
      await this.endAttempt(manager, 'done', null, null);
    });
    this.completed = true;
  }

  /** Tells how far the work is: 0 to 100 and a sentence. Has no effect after the job was taken over. */
  async progress(percent: number, message: string): Promise<void> {
    await this.database.write(this.context, (manager) => manager.query(
      `UPDATE background_job SET progress_percent = $4, progress_message = $5 WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND attempts = $3`,
      [this.context.workspace, this.id, this.attempt, Math.round(percent), message],
    ));
  }

  /** Writes the end of this attempt into its record. */
  async endAttempt(manager: EntityManager, outcome: 'done' | 'retry' | 'dead', code: string | null, message: string | null): Promise<void> {
    await manager.query(
      `UPDATE job_attempt SET outcome = $4, error_code = $5, error_message = $6, finished_at = now()
       WHERE workspace_id = $1 AND background_job_id = $2 AND number = $3`,
      [this.context.workspace, this.id, this.attempt, outcome, code, message],
    );
  }

  /** The row lock makes a cancel or a successor wait, so that the answer stays true until the commit. */
  private async lockOwned(manager: EntityManager): Promise<void> {
    const owned = await manager.query<unknown[]>(
      `SELECT 1 FROM background_job WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND attempts = $3 FOR UPDATE`,
      [this.context.workspace, this.id, this.attempt],
    );
    if (owned.length === 0) throw new LostOwnershipError(this.id, this.attempt);
  }
}

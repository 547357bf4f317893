import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, invalidInput, notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobRegistry } from '../definition/job-registry.js';
import type { BackgroundJobState } from '../entities/background-job.entity.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { WAKING_COLUMNS, wakeUpOf, type WakingJob } from '../outbox/wake-up.js';
import { releaseParked } from '../runner/job-limits.js';
import { resolveParent } from '../workflows/parent-wait.js';
import { forgivePausedSteps, resetStoppedSteps } from '../workflows/step-reset.js';

interface LockedJob {
  readonly state: BackgroundJobState;
  readonly type: string;
  readonly concurrencyKey: string | null;
  readonly parentId: string | null;
  readonly parentStep: string | null;
}

const LIVE: readonly BackgroundJobState[] = ['queued', 'running', 'waiting', 'paused'];
const MAX_AHEAD_MS = 366 * 86_400_000;
const REASON_LIMIT = 500;
const ENQUEUE = `wake = wake + 1, published_at = NULL, lease_until = NULL, parked = false, rate_slot = NULL`;

const refuse = (message: string): DomainError => new DomainError('JOB_STATE', message, 409);

/** What a person or a program may do to a job that exists. Each change takes the row's lock, so that a running attempt waits or is refused. */
@Injectable()
export class JobControlService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
  ) {}

  /** Runs a failed job again from where it stopped, with fresh attempts. Throws NOT_FOUND, or JOB_NOT_RETRYABLE when it has not failed. */
  async retry(context: RequestContext, id: string): Promise<void> {
    await this.change(context, id, async (manager, { state, type }) => {
      const known = this.registry.find(type);
      if (!known) throw new DomainError('JOB_NOT_RETRYABLE', `This version of Perch no longer knows the job "${type}".`, 409);
      if (state !== 'dead' && state !== 'cancelled' && state !== 'discarded') {
        throw new DomainError('JOB_NOT_RETRYABLE', 'Only a failed job can be retried; this one is queued, running or done.', 409);
      }
      await resetStoppedSteps(manager, context.workspace, id);
      return this.requeue(manager, context, id,
        `state = 'queued', run_at = now(), max_attempts = attempts + $3, error_code = NULL, error_message = NULL, discard_reason = NULL, finished_at = NULL,
         progress_message = NULL, ${ENQUEUE}`, [known.definition.retries + 1]);
    });
  }

  /** Ends the job: nothing of it is begun any more, and what runs cannot commit. Ending it twice changes nothing. Throws NOT_FOUND, JOB_STATE. */
  async cancel(context: RequestContext, id: string): Promise<void> {
    await this.change(context, id, async (manager, { state, concurrencyKey, parentId, parentStep }) => {
      if (state === 'cancelled') return null;
      if (!LIVE.includes(state)) throw refuse('This job has ended already.');
      await this.note(manager, context, id, state, 'cancelled');
      await manager.query(
        `UPDATE background_job SET state = 'cancelled', finished_at = now(), lease_until = NULL, parked = false WHERE workspace_id = $1 AND id = $2`, [context.workspace, id]);
      if (parentId !== null && parentStep !== null) {
        const failure = { code: 'CHILD_CANCELLED', message: 'It was cancelled.' };
        const parent = await resolveParent(manager, { id, workspaceId: context.workspace, parentId, parentStep, result: null, failure });
        if (parent) this.publisher.afterCommit(wakeUpOf(parent));
      }
      return concurrencyKey === null ? null : releaseParked(manager, context.workspace, concurrencyKey);
    });
    await this.cancelChildren(context, id);
  }

  /** Holds a job that has not ended; a chunk or step under way is taken back and done again later. Throws NOT_FOUND, JOB_STATE. */
  async pause(context: RequestContext, id: string): Promise<void> {
    await this.change(context, id, async (manager, { state, concurrencyKey }) => {
      if (state === 'paused') return null;
      if (!LIVE.includes(state)) throw refuse('This job has ended; it cannot be paused.');
      await this.note(manager, context, id, state, 'yielded');
      await manager.query(
        `UPDATE background_job SET state = 'paused', lease_until = NULL, parked = false WHERE workspace_id = $1 AND id = $2`, [context.workspace, id]);
      return concurrencyKey === null ? null : releaseParked(manager, context.workspace, concurrencyKey);
    });
  }

  /** Lets a paused job go on where it stopped. Throws NOT_FOUND, JOB_STATE. */
  async resume(context: RequestContext, id: string): Promise<void> {
    await this.change(context, id, async (manager, { state }) => {
      if (state !== 'paused') throw refuse('Only a paused job can be resumed.');
      await forgivePausedSteps(manager, context.workspace, id);
      return this.requeue(manager, context, id, `state = 'queued', attempts = 0, ${ENQUEUE}`);
    });
  }

  /** Moves the start of a job that waits for it. Throws NOT_FOUND, JOB_STATE, INVALID_INPUT for a time more than a year ahead. */
  async reschedule(context: RequestContext, id: string, at: Date): Promise<void> {
    if (Number.isNaN(at.getTime()) || at.getTime() > Date.now() + MAX_AHEAD_MS) throw invalidInput('The time must be within a year.', 'at');
    await this.change(context, id, async (manager, { state }) => {
      if (state !== 'queued') throw refuse('Only a job that waits for its start can be moved.');
      return this.requeue(manager, context, id, `run_at = $3, ${ENQUEUE}`, [at]);
    });
  }

  /** Makes a job that waits for its start due at once. Throws NOT_FOUND, JOB_STATE. */
  async runNow(context: RequestContext, id: string): Promise<void> {
    await this.change(context, id, async (manager, { state }) => {
      if (state !== 'queued') throw refuse('Only a job that waits for its start can be run now.');
      return this.requeue(manager, context, id, `run_at = now(), ${ENQUEUE}`);
    });
  }

  /** Puts a failed job away with a reason, so that it no longer asks for attention. Throws NOT_FOUND, JOB_STATE, INVALID_INPUT. */
  async discard(context: RequestContext, id: string, reason: string): Promise<void> {
    const text = reason.trim();
    if (text.length === 0 || text.length > REASON_LIMIT) throw invalidInput(`A reason has 1 to ${REASON_LIMIT} characters.`, 'reason');
    await this.change(context, id, async (manager, { state }) => {
      if (state !== 'dead') throw refuse('Only a failed job can be put away.');
      await manager.query(`UPDATE background_job SET state = 'discarded', discard_reason = $3 WHERE workspace_id = $1 AND id = $2`, [context.workspace, id, text]);
      return null;
    });
  }

  private async change(context: RequestContext, id: string, work: (manager: EntityManager, job: LockedJob) => Promise<WakingJob | null>): Promise<void> {
    if (!isId(id)) throw notFound('The background job');
    await this.database.write(context, async (manager) => {
      const [job] = await manager.query<LockedJob[]>(
        'SELECT state, type, concurrency_key AS "concurrencyKey", parent_id AS "parentId", parent_step AS "parentStep" FROM background_job WHERE workspace_id = $1 AND id = $2 FOR UPDATE',
        [context.workspace, id]);
      if (!job) throw notFound('The background job');
      const woken = await work(manager, job);
      if (woken) this.publisher.afterCommit(wakeUpOf(woken));
    });
  }

  private async requeue(manager: EntityManager, context: RequestContext, id: string, change: string, values: readonly unknown[] = []): Promise<WakingJob> {
    const [rows] = await manager.query<[WakingJob[], number]>(
      `UPDATE background_job SET ${change} WHERE workspace_id = $1 AND id = $2 RETURNING ${WAKING_COLUMNS}`, [context.workspace, id, ...values]);
    return rows[0]!;
  }

  /** An attempt that is under way ends here, because it will not be able to record its end itself. */
  private async note(manager: EntityManager, context: RequestContext, id: string, state: BackgroundJobState, outcome: string): Promise<void> {
    if (state !== 'running') return;
    await manager.query(
      `INSERT INTO job_attempt (id, workspace_id, background_job_id, number, outcome, message_id, started_at, finished_at)
       SELECT gen_random_uuid(), workspace_id, id, fence, $3, claim_message_id, claimed_at, clock_timestamp() FROM background_job WHERE workspace_id = $1 AND id = $2`,
      [context.workspace, id, outcome]);
  }

  /** Children are cancelled one by one, each in a transaction of its own: their ends lock the parent, and must not meet it the other way round. */
  private async cancelChildren(context: RequestContext, id: string): Promise<void> {
    const children = await this.database.write(context, (manager) => manager.query<{ id: string }[]>(
      `SELECT id FROM background_job WHERE workspace_id = $1 AND parent_id = $2 AND state IN ('queued', 'running', 'waiting', 'paused')`, [context.workspace, id]));
    for (const child of children) {
      await this.cancel(context, child.id).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
      });
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { backoffDelay } from '../../common/backoff.js';
import { messageOf, DomainError } from '../../common/errors.js';
import { redactText } from '../../common/redact.js';
import { systemContext, type RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { JobRegistry } from '../definition/job-registry.js';
import type { JobDefinition } from '../definition/define-job.js';
import type { JobWork } from '../definition/job-handler.js';
import { NonRetryableError } from '../definition/non-retryable-error.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { claimJob, extendLease, type ClaimedJob } from './job-claim.js';
import { LostOwnershipError, RunningJob } from './running-job.js';

const HEARTBEAT_MS = 5_000;
const ERROR_TEXT_LIMIT = 2_000;

export interface JobDelivery {
  readonly workspaceId: string;
  readonly jobId: string;
  readonly messageId: string | null;
}

export type JobOutcome =
  | { readonly kind: 'done' | 'settled' | 'lost' }
  | { readonly kind: 'retry'; readonly delay: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'dead'; readonly code: string; readonly message: string };

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly permanent: boolean;
}

function describe(error: unknown): Failure {
  const message = redactText(messageOf(error)).slice(0, ERROR_TEXT_LIMIT);
  if (error instanceof NonRetryableError) return { code: error.code, message, permanent: true };
  if (error instanceof DomainError) return { code: error.code, message: error.publicMessage, permanent: !error.retryable };
  return { code: 'UNEXPECTED', message, permanent: false };
}

/** Runs one attempt of one background job, whichever transport delivered the call. */
@Injectable()
export class JobRunnerService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Claims, runs and records. Never throws for a failure of the work; throws when the database cannot be reached. */
  async run(delivery: JobDelivery): Promise<JobOutcome> {
    const context = systemContext(delivery.workspaceId, delivery.jobId);
    const answer = await this.database.write(context, (manager) => claimJob(manager, delivery.workspaceId, delivery.jobId, delivery.messageId));
    if (answer.kind === 'settled') return { kind: 'settled' };
    if (answer.kind === 'wait') return answer;
    return this.attempt(context, delivery, answer.job);
  }

  private async attempt(context: RequestContext, delivery: JobDelivery, claimed: ClaimedJob): Promise<JobOutcome> {
    const known = this.registry.find(claimed.type);
    const abort = new AbortController();
    const job = new RunningJob(this.database, context, delivery.jobId, claimed.attempt, abort.signal);
    try {
      if (!known) throw new NonRetryableError('UNKNOWN_JOB', `This version of Perch does not know the job "${claimed.type}".`);
      if (claimed.attempt > claimed.maxAttempts) throw new NonRetryableError('WORKER_LOST', 'Every attempt ended with the death of its process.');
      await this.work(job, known.work, known.definition, claimed, abort);
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof LostOwnershipError) return { kind: 'lost' };
      this.logger.warn('an attempt at a background job failed', { jobId: job.id, type: claimed.type, attempt: claimed.attempt, error: messageOf(error) });
      return this.fail(job, claimed, known?.definition ?? null, describe(error));
    } finally {
      abort.abort();
      await this.database.release(context);
    }
  }

  private async work(job: RunningJob, work: JobWork, definition: JobDefinition, claimed: ClaimedJob, abort: AbortController): Promise<void> {
    const parsed = definition.payload.safeParse(claimed.payload);
    if (!parsed.success) throw new NonRetryableError('INVALID_JOB_PAYLOAD', `The stored payload no longer fits the job "${definition.name}".`);
    const heartbeat = setInterval(() => void this.beat(job, abort), HEARTBEAT_MS);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, fail) => {
      timer = setTimeout(() => {
        abort.abort();
        fail(new Error(`The attempt took longer than ${definition.timeout} ms.`));
      }, definition.timeout);
    });
    try {
      await Promise.race([work.handle(job, parsed.data), limit]);
      if (!job.isComplete) await job.complete(async () => ({}));
    } finally {
      clearInterval(heartbeat);
      clearTimeout(timer);
    }
  }

  private async beat(job: RunningJob, abort: AbortController): Promise<void> {
    try {
      const context = systemContext(job.context.workspace, job.id);
      const owned = await this.database.write(context, (manager) => extendLease(manager, context.workspace, job.id, job.attempt));
      if (!owned) abort.abort();
    } catch (error) {
      this.logger.warn('a heartbeat was missed', { jobId: job.id, error: messageOf(error) });
    }
  }

  private async fail(job: RunningJob, claimed: ClaimedJob, definition: JobDefinition | null, failure: Failure): Promise<JobOutcome> {
    try {
      if (failure.permanent || !definition || claimed.attempt >= claimed.maxAttempts) return await this.bury(job, failure);
      return await this.requeue(job, definition, failure);
    } catch (error) {
      if (error instanceof LostOwnershipError) return { kind: 'lost' };
      throw error;
    }
  }

  private async bury(job: RunningJob, failure: Failure): Promise<JobOutcome> {
    await job.ownedTransaction(async (manager) => {
      await manager.query(
        `UPDATE background_job SET state = 'dead', error_code = $3, error_message = $4, lease_until = NULL, finished_at = now() WHERE workspace_id = $1 AND id = $2`,
        [job.context.workspace, job.id, failure.code, failure.message],
      );
      await job.endAttempt(manager, 'dead', failure.code, failure.message);
    });
    return { kind: 'dead', code: failure.code, message: failure.message };
  }

  private async requeue(job: RunningJob, definition: JobDefinition, failure: Failure): Promise<JobOutcome> {
    const delay = backoffDelay(definition.backoff, job.attempt, Math.random());
    const message = await job.ownedTransaction(async (manager) => {
      const [rows] = await manager.query<[{ wake: number; runAt: Date }[], number]>(
        `UPDATE background_job SET state = 'queued', error_code = $3, error_message = $4, lease_until = NULL, wake = wake + 1, published_at = NULL,
                run_at = now() + make_interval(secs => $5) WHERE workspace_id = $1 AND id = $2 RETURNING wake, run_at AS "runAt"`,
        [job.context.workspace, job.id, failure.code, failure.message, delay / 1_000],
      );
      await job.endAttempt(manager, 'retry', failure.code, failure.message);
      return { workspaceId: job.context.workspace, jobId: job.id, ...rows[0]! };
    });
    await this.publisher.publish([message]);
    return { kind: 'retry', delay };
  }
}

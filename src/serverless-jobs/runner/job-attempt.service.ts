import { Inject, Injectable } from '@nestjs/common';
import { messageOf } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import type { JobDefinition } from '../definition/define-job.js';
import { JobRegistry, type RegisteredJob } from '../definition/job-registry.js';
import { NonRetryableError } from '../definition/non-retryable-error.js';
import { endOfFailure } from './attempt-failure.js';
import type { ClaimedJob } from './claimed-job.js';
import { LeaseKeeper } from './lease-keeper.js';
import { LostOwnershipError, YieldSignal } from './lost-ownership-error.js';
import type { RunningJob } from './running-job.js';
import { RunningJobs } from './running-jobs.service.js';
import type { DoneJob } from './job-end.js';
import { WorkflowEngine } from '../workflows/workflow-engine.service.js';

/** A job that this version does not know is left for so long, so many times: about an hour. */
const UNKNOWN_DELAY_MS = 30_000;
const UNKNOWN_CLAIMS = 120;
/** The reason of the signal after an attempt; without one, an exception with its stack would be made for each. */
const ENDED = 'the attempt has ended';

export type AttemptOutcome =
  | { readonly kind: 'done' | 'lost' | 'yielded' | 'suspended' }
  | { readonly kind: 'retry'; readonly delay: number }
  | { readonly kind: 'dead'; readonly code: string; readonly message: string };

/** Takes a job that is done but not yet recorded as such. */
export type CollectDone = (done: DoneJob) => void;

/** Runs one attempt of one claimed job and records how it ended. */
@Injectable()
export class JobAttemptService {
  private stopping = false;

  constructor(
    @Inject(RunningJobs) private readonly running: RunningJobs,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(LeaseKeeper) private readonly leases: LeaseKeeper,
    @Inject(WorkflowEngine) private readonly workflows: WorkflowEngine,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** The process is about to end: chunked work hands the rest over after its chunk instead of using up its time. */
  stopSoon(): void {
    this.stopping = true;
  }

  /**
   * Never throws for a failure of the work; throws when its end cannot be recorded. `until` is when the invocation has to be
   * over, as `performance.now()` counts. A job without effects of its own is given to `collect`, where there is one, instead
   * of being recorded.
   */
  async run(claimed: ClaimedJob, until: number, collect?: CollectDone): Promise<AttemptOutcome> {
    const known = this.registry.find(claimed.type);
    const abort = new AbortController();
    const release = this.leases.hold(claimed, () => abort.abort());
    const deadline = Math.min(until, performance.now() + (known?.definition.timeout ?? 0));
    const job = this.running.begin(claimed, abort.signal, deadline, () => this.stopping);
    try {
      if (!known) return await this.leaveToNewer(job, claimed);
      if (claimed.attempt > claimed.maxAttempts) throw new NonRetryableError('WORKER_LOST', 'Every attempt ended with the death of its process.');
      const result = await this.work(job, known, claimed, abort);
      if (job.ended === null) await this.finish(job, claimed, result, collect);
      return { kind: (job.ended ?? 'done') as 'done' };
    } catch (error) {
      return await this.fail(job, claimed, known?.definition ?? null, error);
    } finally {
      release();
      abort.abort(ENDED);
      await this.running.end(job);
    }
  }

  /** During a deployment an older instance gets jobs of the newer version; a job that no version knows ends as dead in the end. */
  private async leaveToNewer(job: RunningJob, { type, fence }: ClaimedJob): Promise<AttemptOutcome> {
    if (fence > UNKNOWN_CLAIMS) throw new NonRetryableError('UNKNOWN_JOB', `This version of Perch does not know the job "${type}".`);
    job.log('info', `This instance does not know the job "${type}"; it is left to a newer one.`);
    await job.suspend(async () => UNKNOWN_DELAY_MS);
    return { kind: 'suspended' };
  }

  private async finish(job: RunningJob, claimed: ClaimedJob, result: JsonObject, collect?: CollectDone): Promise<void> {
    if (job.signal.aborted) throw new LostOwnershipError(job.id, job.fence);
    await job.events.flush();
    if (collect && job.isPlain) collect({ workspaceId: claimed.workspaceId, id: claimed.id, fence: claimed.fence, result });
    else await job.end({ outcome: 'done', result });
  }

  private async work(job: RunningJob, known: RegisteredJob, claimed: ClaimedJob, abort: AbortController): Promise<JsonObject> {
    const { definition } = known;
    const parsed = definition.payload.safeParse(claimed.payload);
    if (!parsed.success) throw new NonRetryableError('INVALID_JOB_PAYLOAD', `The stored payload no longer fits the job "${definition.name}".`);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, fail) => {
      timer = setTimeout(() => {
        abort.abort();
        fail(new Error('The attempt took longer than its time.'));
      }, job.timeLeft());
    });
    try {
      return (await Promise.race([this.begin(job, known, parsed.data), limit])) ?? {};
    } finally {
      clearTimeout(timer);
    }
  }

  private begin(job: RunningJob, known: RegisteredJob, payload: unknown): Promise<JsonObject | void> {
    return 'workflow' in known ? this.workflows.run(job, known.definition, known.workflow, payload) : known.work.handle(job, payload);
  }

  private async fail(job: RunningJob, claimed: ClaimedJob, definition: JobDefinition | null, error: unknown): Promise<AttemptOutcome> {
    if (error instanceof LostOwnershipError) return { kind: 'lost' };
    // Readers should see how far it came; the failure counts, not that it could not be shown.
    await job.events.flush().catch(() => undefined);
    try {
      if (error instanceof YieldSignal) {
        await job.end({ outcome: 'yielded' });
        return { kind: 'yielded' };
      }
      this.logger.warn('an attempt at a background job failed', { jobId: job.id, type: claimed.type, attempt: claimed.attempt, error: messageOf(error) });
      const end = endOfFailure(error, claimed, definition, Math.random());
      job.log('error', end.message, { code: end.code });
      await job.end(end);
      return end.outcome === 'dead' ? { kind: 'dead', code: end.code, message: end.message } : { kind: 'retry', delay: end.delay };
    } catch (cause) {
      if (cause instanceof LostOwnershipError) return { kind: 'lost' };
      throw cause;
    }
  }
}

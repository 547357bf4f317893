import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';
import { backoffDelay, DEFAULT_BACKOFF } from '../../common/backoff.js';
import { messageOf } from '../../common/errors.js';
import type { JsonValue } from '../../common/json.js';
import { NonRetryableError } from '../definition/non-retryable-error.js';
import { describeFailure } from '../runner/attempt-failure.js';
import { LostOwnershipError } from '../runner/lost-ownership-error.js';
import type { RunningJob } from '../runner/running-job.js';
import { endOf, type StepEnd, type StepProblem } from './step-end.js';
import { parseResult, resultText, type StepRow } from './step-row.js';
import type { DoneRow, StepKey, StepStore } from './step-store.js';
import type { StepAttempt, StepOptions } from './workflow-steps.js';

export const STEP_RETRIES = 3;
export const STEP_TIMEOUT_MS = 30_000;
/** What is kept of an invocation's time to record that a step took too long: at most so much, and a tenth of what is left. */
const RECORDING_MS = 1_000;
/** Work that ends sooner is recorded with its end only. */
const NOTE_AFTER_MS = 25;
/** The reason of the signal after a try; without one, an exception with its stack would be made for each. */
const ENDED = 'the step has ended';

type Work = (attempt: StepAttempt) => Promise<JsonValue | void>;

/** Marks the calls that come from within a step. */
const withinStep = new AsyncLocalStorage<string>();
export const enclosingStep = (): string | undefined => withinStep.getStore();

/** One try at a step of the kind `run`, from the note that it begins to the record of its end. */
export class StepTry {
  private readonly over = new AbortController();
  private noted: Promise<void> = Promise.resolve();
  private noteTimer: NodeJS.Timeout | undefined;
  private completion: Promise<string | null> | null = null;
  private readonly retries: number;
  private readonly key: StepKey;

  constructor(
    private readonly job: RunningJob,
    private readonly store: StepStore,
    position: number,
    name: string,
    private readonly row: StepRow | undefined,
    /** Whether an earlier attempt at the run ended since its last progress: this step may have been its end. */
    private readonly suspect: boolean,
    private readonly options: StepOptions,
  ) {
    this.retries = options.retries ?? STEP_RETRIES;
    const number = row ? row.attempts + 1 : suspect ? Math.min(job.attempt, this.retries + 1) : 1;
    this.key = { name, position, kind: 'run', attempts: number };
  }

  /** Throws LostOwnershipError, and whatever keeps the database from recording the end. */
  async run(work: Work): Promise<StepEnd> {
    if (this.key.attempts > this.retries + 1) return this.fail(this.exhausted(), this.key.attempts - 1);
    try {
      return { kind: 'done', result: await this.attempt(work) };
    } catch (error) {
      if (error instanceof LostOwnershipError || this.job.signal.aborted) throw error;
      const end = await this.fail(this.problemOf(error));
      if (end.kind !== 'done') this.job.log('warn', `The step "${this.key.name}" failed.`, { attempt: this.key.attempts, error: messageOf(error) });
      return end;
    } finally {
      this.over.abort(ENDED);
    }
  }

  /**
   * A step without signs of trouble that ends at once is not noted beforehand: should it kill its process, the count of the
   * run's own attempts tells. All other work is noted before it or, the first time, beside it.
   */
  private async attempt(work: Work): Promise<string | null> {
    const careful = this.row !== undefined || this.suspect || this.retries === 0;
    if (careful) await this.note();
    const limit = this.limit();
    try {
      const working = withinStep.run(this.key.name, async () => work(this.handle(limit.at)));
      if (!careful) this.noteUnlessQuick();
      const value = await Promise.race([working, limit.reached]);
      if (this.completion !== null) return await Promise.race([this.completion, limit.reached]);
      clearTimeout(this.noteTimer);
      await this.noted;
      await this.job.events.flush();
      const { sql, values } = this.store.doneStatement(this.key, resultText(value));
      return (await this.job.statement<DoneRow>(sql, values)).result;
    } finally {
      limit.clear();
      clearTimeout(this.noteTimer);
      await this.noted.catch(() => undefined);
    }
  }

  private noteUnlessQuick(): void {
    this.noteTimer = setTimeout(() => {
      if (this.completion !== null) return;
      this.noted = this.note();
      this.noted.catch(() => this.over.abort());
    }, NOTE_AFTER_MS);
  }

  private note(): Promise<void> {
    return this.job.transaction((manager) => this.store.note(manager, this.key));
  }

  /** `until` is when the attempt's time is over, as `performance.now()` counts. */
  private handle(until: number): StepAttempt {
    return {
      number: this.key.attempts,
      idempotencyKey: `${this.job.id}:${this.key.name}`,
      signal: AbortSignal.any([this.job.signal, this.over.signal]),
      timeLeft: () => Math.max(0, until - performance.now()),
      complete: async <T extends JsonValue | void>(work: (manager: EntityManager) => Promise<T>): Promise<T> => {
        if (this.completion !== null) throw new NonRetryableError('STEP_COMPLETED', `The step "${this.key.name}" completes more than once.`);
        const completion = this.storeCompletion(work);
        this.completion = completion;
        completion.catch(() => (this.completion = null));
        return parseResult(await completion) as T;
      },
    };
  }

  private async storeCompletion(work: (manager: EntityManager) => Promise<JsonValue | void>): Promise<string | null> {
    await this.noted;
    await this.job.events.flush();
    return this.job.transaction(async (manager) => {
      if (this.over.signal.aborted) throw new Error('The attempt at the step is over.');
      return this.store.done(manager, this.key, resultText(await work(manager)));
    });
  }

  private limit(): { readonly at: number; readonly reached: Promise<never>; readonly clear: () => void } {
    const left = this.job.timeLeft();
    const milliseconds = Math.min(this.options.timeout ?? STEP_TIMEOUT_MS, left - Math.min(RECORDING_MS, left / 10));
    let timer: NodeJS.Timeout | undefined;
    const reached = new Promise<never>((_, fail) => {
      timer = setTimeout(() => {
        this.over.abort();
        fail(new Error(`The step took longer than its time of ${Math.round(milliseconds / 1_000)} s.`));
      }, milliseconds);
    });
    reached.catch(() => undefined);
    return { at: performance.now() + milliseconds, reached, clear: () => clearTimeout(timer) };
  }

  private problemOf(error: unknown): StepProblem {
    const { code, message, permanent, delay } = describeFailure(error);
    if (permanent || this.key.attempts > this.retries) return { code, message, delay: null };
    return { code, message, delay: delay ?? backoffDelay({ ...DEFAULT_BACKOFF, ...this.options.backoff }, this.key.attempts, Math.random()) };
  }

  private exhausted(): StepProblem {
    return { code: this.row?.errorCode ?? 'WORKER_LOST', message: this.row?.errorMessage ?? 'Every attempt at it ended with the death of its process.', delay: null };
  }

  private async fail(problem: StepProblem, attempts = this.key.attempts): Promise<StepEnd> {
    return endOf(await this.job.transaction((manager) => this.store.failed(manager, { ...this.key, attempts }, problem, problem.delay)));
  }
}

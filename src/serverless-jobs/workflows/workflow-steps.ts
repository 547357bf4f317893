import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Backoff } from '../../common/backoff.js';
import type { JsonObject, JsonValue } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import type { JobDefinition } from '../definition/define-job.js';
import type { EnqueueOptions } from '../enqueue/new-job.js';
import type { JobLogLevel } from '../entities/job-log.entity.js';
import type { RunEventWriter } from '../run-events/run-event-writer.js';

/** What a step may be told to tolerate. Defaults: 3 retries, backoff 5 s, 15 s, 45 s, 30 s an attempt. */
export interface StepOptions {
  /** Attempts after the first. */
  readonly retries?: number;
  readonly backoff?: Partial<Backoff>;
  /** Milliseconds that one attempt may take. */
  readonly timeout?: number;
}

/** One try at a step. */
export interface StepAttempt {
  /** 1 for the first. */
  readonly number: number;
  /** The same on every attempt at this step of this run, for calls to the outside. */
  readonly idempotencyKey: string;
  /** Aborted when the attempt's time is over, or when the run has been cancelled, paused or taken over. */
  readonly signal: AbortSignal;
  /** Milliseconds until the attempt's time is over: of the step, or of the invocation where that is sooner. */
  timeLeft(): number;
  /** Runs effects and stores the step's result in ONE transaction, so that both happen exactly once. Return its promise from the step. */
  complete<T extends JsonValue | void>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

/** What an approval was decided as; the payload of the event `approval.decided`. */
export type ApprovalDecided = JsonObject & {
  readonly approvalId: string;
  readonly decision: 'approved' | 'rejected' | 'voided' | 'expired';
};

/** The child's options; the run itself is its parent. */
export type ChildOptions = Omit<EnqueueOptions, 'parent'>;

/**
 * The durable steps of a run. Names are unique within a run: 1 to 100 characters, best in words, because people read them.
 * A step's result is JSON of at most 64 KB; a run has at most 1,000 steps.
 */
export interface WorkflowSteps {
  /**
   * Does work once and remembers its result. With `attempt.complete` effects and result are stored exactly once; a returned
   * value is stored after the work, which may be repeated. Throws StepFailedError when it has failed for good.
   */
  run<T extends JsonValue | void>(name: string, work: (attempt: StepAttempt) => Promise<T>, options?: StepOptions): Promise<T>;
  /** Waits without holding a process; milliseconds by the database's clock, at most 366 days. */
  sleep(name: string, milliseconds: number): Promise<void>;
  /** Waits until a time, at most 366 days ahead. */
  sleepUntil(name: string, at: Date): Promise<void>;
  /**
   * The payload of the first event of that name that contains `match`, was sent since the run was created and was not used
   * by another step of the run; null when there was none within `timeout` milliseconds (at most 366 days).
   */
  waitForEvent<T extends JsonObject = JsonObject>(name: string, wait: { readonly event: string; readonly match?: JsonObject; readonly timeout: number }): Promise<T | null>;
  /** Waits for the decision of an approval; null after the timeout. */
  waitForApproval(name: string, wait: { readonly approvalId: string; readonly timeout: number }): Promise<ApprovalDecided | null>;
  /** Runs branches side by side, waits until all have settled, then throws the first failure in their order. */
  all<T>(branches: readonly (() => Promise<T>)[]): Promise<T[]>;
  /** Runs a job or workflow as a child and waits for its result. Throws ChildFailedError when it is dead or cancelled. */
  invoke<Payload extends z.ZodType>(name: string, definition: JobDefinition<Payload>, payload: z.input<Payload>, options?: ChildOptions): Promise<JsonObject>;
  /** Enqueues a job or workflow exactly once, does not wait for it, and returns its id. */
  enqueue<Payload extends z.ZodType>(name: string, definition: JobDefinition<Payload>, payload: z.input<Payload>, options?: ChildOptions): Promise<string>;
}

/** The run that the steps belong to. */
export interface WorkflowRun {
  readonly id: string;
  /** Perch itself in the run's workspace; services called with it inside `attempt.complete` join its transaction. */
  readonly context: RequestContext;
  /** The version of the definition that the run was begun with. */
  readonly version: number;
  /** What those who watch the run are told; it belongs into steps, or each replay tells it again. */
  readonly events: RunEventWriter;
  log(level: JobLogLevel, message: string, data?: JsonObject): void;
}

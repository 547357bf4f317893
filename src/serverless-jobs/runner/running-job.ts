import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import type { Database } from '../../infrastructure/database/database.js';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import type { JobLogLevel } from '../entities/job-log.entity.js';
import type { RunEventStream } from '../run-events/run-event-stream.js';
import { RunEventWriter } from '../run-events/run-event-writer.js';
import type { ClaimedJob } from './claimed-job.js';
import type { AttemptEnding } from './attempt-ending.js';
import { endStatement, type JobEnd } from './job-end.js';
import { JobLogBuffer } from './job-log-buffer.js';
import { LostOwnershipError, YieldSignal } from './lost-ownership-error.js';

/** How far chunked work has come. */
export interface JobAdvance {
  /** Where the next chunk begins; stored with the effects of this one. */
  readonly cursor: JsonObject;
  /** Records done so far, and all there are; the percentage follows from them. */
  readonly done: number;
  readonly total: number;
  readonly failed?: number;
  readonly message?: string;
}

/** Milliseconds of an attempt's time below which chunked work goes on in another invocation. */
const YIELD_RESERVE_MS = 5_000;
const LOCK_OWNED = plannedOnce(`SELECT 1 FROM background_job WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND fence = $3 FOR UPDATE`);

/** The job as its handler sees it while it runs. */
export class RunningJob {
  readonly id: string;
  /** Number of this attempt since the last progress, 1 for the first. */
  readonly attempt: number;
  /** The fencing token. */
  readonly fence: number;
  readonly version: number;
  /** What those who watch the run are told. */
  readonly events: RunEventWriter;
  private readonly lines: JobLogBuffer;
  private position: JsonObject | null;
  private outcome: JobEnd['outcome'] | null = null;

  constructor(
    private readonly database: Database,
    readonly context: RequestContext,
    private readonly claimed: ClaimedJob,
    /** Aborted when the attempt's time is over, or when it no longer owns the job. */
    readonly signal: AbortSignal,
    /** When the attempt's time is over, as `performance.now()` counts. */
    private readonly deadline: number,
    private readonly ending: AttemptEnding,
    stream: RunEventStream,
    private readonly isStopping: () => boolean = () => false,
  ) {
    this.id = claimed.id;
    this.attempt = claimed.attempt;
    this.fence = claimed.fence;
    this.version = claimed.definitionVersion;
    this.position = claimed.cursor;
    this.lines = new JobLogBuffer(claimed);
    this.events = new RunEventWriter(database, claimed, stream);
  }

  /** How the attempt has been recorded as ended; null while it has not. */
  get ended(): JobEnd['outcome'] | null {
    return this.outcome;
  }

  /** Whether nothing but the state remains to be written, so that the end may be recorded together with those of others. */
  get isPlain(): boolean {
    return this.lines.isEmpty && this.claimed.parentId === null && this.claimed.concurrencyKey === null;
  }

  /** Where an earlier invocation stopped; null at the beginning. */
  get cursor(): JsonObject | null {
    return this.position;
  }

  /** Milliseconds left for this attempt. */
  timeLeft(): number {
    return Math.max(0, this.deadline - performance.now());
  }

  /** Runs effects in a transaction that commits only while this attempt owns the job and its time is not over. Throws LostOwnershipError. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.ownedTransaction((manager) => {
      if (this.signal.aborted) throw new LostOwnershipError(this.id, this.fence);
      return work(manager);
    });
  }

  /** The same after the time is over: for the runner, which records how the attempt ended. */
  async ownedTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    let lines = 0;
    const result = await this.database.write(this.context, async (manager) => {
      await this.lockOwned(manager);
      lines = await this.lines.write(manager);
      return work(manager);
    });
    this.lines.confirm(lines);
    return result;
  }

  /** Runs the last effects and marks the job as done in the same transaction, so that both happen exactly once. */
  async complete(work: (manager: EntityManager) => Promise<JsonObject>): Promise<void> {
    await this.events.flush();
    await this.transaction(async (manager) => {
      await this.ending.record(this.context, manager, this.claimed, { outcome: 'done', result: await work(manager) });
    });
    this.outcome = 'done';
  }

  /** `ownedStatement` while the attempt's time is not over. */
  statement<Row>(sql: string, values: unknown[]): Promise<Row> {
    if (this.signal.aborted) return Promise.reject(new LostOwnershipError(this.id, this.fence));
    return this.ownedStatement(sql, values);
  }

  /**
   * One statement which by itself has effects, and returns a row, only while this attempt owns the job, in one round trip.
   * Lines that wait to be written go along. Throws LostOwnershipError.
   */
  async ownedStatement<Row>(sql: string, values: unknown[]): Promise<Row> {
    const rows = this.lines.isEmpty
      ? await this.database.statement<Row>(this.context, sql, values)
      : await this.ownedTransaction(() => this.database.statement<Row>(this.context, sql, values));
    if (rows.length === 0) throw new LostOwnershipError(this.id, this.fence);
    return rows[0]!;
  }

  /**
   * Ends the attempt without an end of the job: `decide` looks, under the lock of the job's row, how many milliseconds it may
   * wait; null where there is something to do at once.
   */
  async suspend(decide: (manager: EntityManager) => Promise<number | null>): Promise<void> {
    await this.ownedTransaction(async (manager) => {
      const delay = await decide(manager);
      const end: JobEnd = delay === null ? { outcome: 'yielded' } : { outcome: 'suspended', delay };
      await this.ending.record(this.context, manager, this.claimed, end);
      this.outcome = end.outcome;
    });
  }

  /** Records how the attempt ended, for the runner. */
  async end(end: JobEnd): Promise<void> {
    if (end.outcome === 'done' && this.isPlain) {
      const { sql, values } = endStatement(this.claimed, end);
      await this.ownedStatement(sql, values);
    } else await this.ownedTransaction((manager) => this.ending.record(this.context, manager, this.claimed, end));
    this.outcome = end.outcome;
  }

  /**
   * Stores the effects of one chunk with the place where the next one begins: both or neither. A pause, a cancel or a
   * successor makes it throw LostOwnershipError and takes the chunk back. How far it is may be a function, which is asked
   * after the work.
   */
  async advance(progress: JobAdvance | (() => JobAdvance), work: (manager: EntityManager) => Promise<void>): Promise<void> {
    const reached = await this.transaction(async (manager) => {
      await work(manager);
      const { cursor, done, total, failed = 0, message } = typeof progress === 'function' ? progress() : progress;
      const percent = total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100));
      await manager.query(
        `UPDATE background_job SET cursor = $3, counters = $4, progress_percent = $5, progress_message = coalesce($6, progress_message), attempts = 1
         WHERE workspace_id = $1 AND id = $2`,
        [this.context.workspace, this.id, JSON.stringify(cursor), JSON.stringify({ done, total, failed }), percent, message ?? null],
      );
      return cursor;
    });
    this.position = reached;
  }

  /** Between two chunks: hands the rest to another invocation when little time is left or the process is stopping. Throws a signal that must pass through. */
  yieldIfDue(reserve = YIELD_RESERVE_MS): void {
    if (this.isStopping() || this.timeLeft() < reserve) throw new YieldSignal();
  }

  /** Tells how far the work is: 0 to 100 and a sentence. Has no effect after the job was taken over. */
  async progress(percent: number, message: string, counters: JsonObject | null = null): Promise<void> {
    await this.database.write(this.context, (manager) => manager.query(
      `UPDATE background_job SET progress_percent = $4, progress_message = $5, counters = coalesce($6, counters) WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND fence = $3`,
      [this.context.workspace, this.id, this.fence, Math.min(100, Math.max(0, Math.round(percent))), message, counters === null ? null : JSON.stringify(counters)],
    ));
  }

  /** Notes a line about the work; it is kept with the attempt, and written with its next transaction or its end. */
  log(level: JobLogLevel, message: string, data?: JsonObject): void {
    this.lines.add(level, message, data);
  }

  /** The row lock makes a cancel or a successor wait, so that the answer stays true until the commit. */
  private async lockOwned(manager: EntityManager): Promise<void> {
    const owned = await manager.query<unknown[]>(LOCK_OWNED, [this.context.workspace, this.id, this.fence]);
    if (owned.length === 0) throw new LostOwnershipError(this.id, this.fence);
  }
}

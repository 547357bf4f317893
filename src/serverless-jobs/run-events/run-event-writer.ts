import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { systemContext, type RequestContext } from '../../common/request-context.js';
import type { RunEvent } from '../../common/run-events.js';
import type { Database } from '../../infrastructure/database/database.js';
import { isDefinitelyUndone } from '../../infrastructure/database/database-errors.js';
import { NonRetryableError } from '../definition/non-retryable-error.js';
import type { AttemptKey } from '../runner/job-end.js';
import { LostOwnershipError } from '../runner/lost-ownership-error.js';
import { APPEND, appendValues, eventOf, type NewRunEvent, type StoredRow } from './run-event-rows.js';
import type { RunEventStream } from './run-event-stream.js';
import { RunSection, SECTION_BEGUN } from './run-section.js';

export const EVENT_LIMIT_BYTES = 8_192;
/** Between two statements: readers who ask PostgreSQL look less often anyway. */
const FLUSH_MS = 60;
const FLUSH_BESIDE_REDIS_MS = 30;
const FLUSH_BYTES = 4_096;
/** Events that cannot be stored for a while are kept up to so many bytes; one statement takes about an eighth of that. */
const BACKLOG_LIMIT_BYTES = 1_048_576;
const STATEMENT_BYTES = 131_072;
/** How long `flush` tries while somebody else changes the job's row. */
const FLUSH_PATIENCE_MS = 5_000;
const TRY_AGAIN_MS = 15;
const KIND = /^[a-z][a-zA-Z.-]{0,59}$/;

const sizeOf = ({ text }: NewRunEvent): number => Buffer.byteLength(text) + 100;

/** Throws INVALID_EVENT for what cannot be stored. */
function newEvent(kind: string, data: JsonObject): NewRunEvent {
  const text = JSON.stringify(data);
  if (!KIND.test(kind) || text.includes('\\u0000') || Buffer.byteLength(text) > EVENT_LIMIT_BYTES) {
    throw new NonRetryableError('INVALID_EVENT', `An event has a kind like "section.text" and at most ${EVENT_LIMIT_BYTES / 1_024} KB of data without NUL.`);
  }
  return { kind, text };
}

/**
 * What a run tells those who watch it. Events gather and are stored by one statement every 60 ms (30 beside Redis), or at 4 KB, and only while
 * the attempt owns the run. A statement of which nobody knows whether it was committed ends the attempt, because to repeat it
 * could store its events twice; the next attempt begins its section again.
 */
export class RunEventWriter {
  private pending: NewRunEvent[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private lastWrite = -Infinity;
  private failure: { readonly error: unknown } | null = null;
  /** Hands over what somebody gathers to make one event of it. */
  private gathering: (() => void) | null = null;
  /** A call of its own, so that what is stored now never waits for a transaction of the job that may be rolled back. */
  private readonly context: RequestContext;

  constructor(
    private readonly database: Database,
    private readonly run: AttemptKey,
    private readonly stream: RunEventStream,
  ) {
    this.context = systemContext(run.workspaceId, run.id);
  }

  get isEmpty(): boolean {
    return this.pending.length === 0 && this.writing === null && this.gathering === null;
  }

  /**
   * Adds an event that readers see within about 60 ms. Throws what has kept earlier ones from being stored, LostOwnershipError
   * among it, so that work which nobody may see stops.
   */
  append(kind: string, data: JsonObject): void {
    this.refuseAfterFailure();
    const event = newEvent(kind, data);
    this.release();
    if (this.bytes + sizeOf(event) > BACKLOG_LIMIT_BYTES) throw new DomainError('EVENTS_BEHIND', 'The events of the run cannot be stored as fast as they come.', 503, true);
    this.pending.push(event);
    this.bytes += sizeOf(event);
    if (this.bytes >= FLUSH_BYTES) this.writeSoon(0);
    else if (this.timer === null) this.writeInTurn();
  }

  /** Lets somebody go on gathering until the next event of somebody else, or until the next statement. Throws like `append`. */
  gather(release: () => void): void {
    this.refuseAfterFailure();
    if (this.gathering !== release) this.release();
    this.gathering = release;
    if (this.timer === null) this.writeInTurn();
  }

  /** Begins a section of text, or begins it again: readers then drop what an earlier attempt wrote of it. */
  async section(name: string): Promise<RunSection> {
    await this.flush();
    const begun = await this.database.statement(this.context, SECTION_BEGUN, [this.run.id, name]);
    return new RunSection(name, this, begun.length > 0);
  }

  /** Resolves when everything so far is stored. Must not be called inside a transaction of the job. Throws like `append`. */
  async flush(): Promise<void> {
    const until = performance.now() + FLUSH_PATIENCE_MS;
    while (!this.isEmpty || this.failure) {
      this.refuseAfterFailure();
      const problem = await this.write().then(() => null, (error: unknown) => ({ error }));
      if (problem === null) continue;
      if (this.failure === null && performance.now() > until) throw problem.error;
      await pause(TRY_AGAIN_MS);
    }
  }

  /**
   * Stores an event with what else the transaction does, for example the end of a step. The transaction must be one of the
   * job or of its step, and has to follow a `flush`, or its event overtakes what is still pending.
   */
  async appendWithin(manager: EntityManager, kind: string, data: JsonObject): Promise<void> {
    const rows = await manager.query<StoredRow[]>(APPEND, appendValues(this.run, [newEvent(kind, data)]));
    if (rows.length === 0) throw new LostOwnershipError(this.run.id, this.run.fence);
    this.database.collectUntilCommit<RunEvent>(this, eventOf(rows[0]!, kind, data), async (events) => void this.stream.publish(this.run, events));
  }

  /** The attempt is over: what is still pending is dropped. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.failure ??= { error: new LostOwnershipError(this.run.id, this.run.fence) };
    this.pending = [];
    this.gathering = null;
  }

  private release(): void {
    const release = this.gathering;
    this.gathering = null;
    release?.();
  }

  private refuseAfterFailure(): void {
    if (this.failure) throw this.failure.error;
  }

  /** What comes after a silence is stored at once, what follows it together. */
  private writeInTurn(): void {
    const interval = this.stream.isOffered ? FLUSH_BESIDE_REDIS_MS : FLUSH_MS;
    this.writeSoon(Math.max(0, this.lastWrite + interval - performance.now()));
  }

  private writeSoon(delay: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.write().catch(() => {
        if (this.failure === null && this.timer === null) this.writeSoon(FLUSH_MS);
      });
    }, delay);
  }

  /** One statement at a time; whoever comes meanwhile waits for the one under way. */
  private write(): Promise<void> {
    this.writing ??= this.store().finally(() => (this.writing = null));
    return this.writing;
  }

  private async store(): Promise<void> {
    for (this.release(); this.pending.length > 0; this.release()) {
      const batch = this.nextBatch();
      this.lastWrite = performance.now();
      const rows = await this.database.statement<StoredRow>(this.context, APPEND, appendValues(this.run, batch)).catch((error: unknown) => {
        if (!isDefinitelyUndone(error)) this.failure = { error };
        throw error;
      });
      if (rows.length === 0) {
        this.failure = { error: new LostOwnershipError(this.run.id, this.run.fence) };
        throw this.failure.error;
      }
      this.pending = this.pending.slice(batch.length);
      this.bytes -= batch.reduce((sum, event) => sum + sizeOf(event), 0);
      void this.stream.publish(this.run, batch.map(({ kind, text }, index) => eventOf(rows[index]!, kind, JSON.parse(text) as JsonObject)));
    }
  }

  private nextBatch(): NewRunEvent[] {
    let bytes = 0;
    const end = this.pending.findIndex((event) => (bytes += sizeOf(event)) > STATEMENT_BYTES);
    return end === -1 ? [...this.pending] : this.pending.slice(0, Math.max(1, end));
  }
}

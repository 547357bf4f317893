import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import { RequestContext } from '../../common/request-context.js';
import { EventSequence, type RunEvent } from '../../common/run-events.js';
import { Database } from '../../infrastructure/database/database.js';
import type { BackgroundJobState } from '../entities/background-job.entity.js';
import { ENDED, eventOf, PAGE, type PageRow } from './run-event-rows.js';
import { RunEventStream, type RunEventSource } from './run-event-stream.js';

/** Between two looks at PostgreSQL, without Redis and with it. */
const POLL_MS = 150;
const POLL_BESIDE_REDIS_MS = 500;
const REOPEN_REDIS_MS = 2_000;
const EVENTS_AT_ONCE = 200;

export interface RunEventPage {
  readonly events: readonly RunEvent[];
  readonly state: BackgroundJobState;
  /** Whether the run has ended and these are its last events. */
  readonly ended: boolean;
}

const noRun = () => notFound('The background job');

function pageOf(rows: readonly PageRow[], limit: number): RunEventPage {
  const [first] = rows;
  if (!first) throw noRun();
  const events = rows.flatMap((row) => (row.sequence === null ? [] : [eventOf({ sequence: row.sequence, at: row.at }, row.kind, row.data)]));
  return { events, state: first.state, ended: ENDED.has(first.state) && events.length < limit };
}

/** What runs have told, from PostgreSQL; Redis only shortens the way. */
@Injectable()
export class RunEventLog {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RunEventStream) private readonly stream: RunEventStream,
  ) {}

  /** The events with a number above `after`, at most `limit`, in the caller's read transaction. Throws NOT_FOUND. */
  async read(context: RequestContext, runId: string, after: number, limit = EVENTS_AT_ONCE): Promise<RunEventPage> {
    if (!isId(runId)) throw noRun();
    return pageOf(await this.database.read(context, (manager) => manager.query<PageRow[]>(PAGE, [context.workspace, runId, after, limit])), limit);
  }

  /**
   * Yields the events after `after` as they come, each once and in order, until the run has ended or the signal is aborted;
   * the last page says which. Holds no connection of PostgreSQL between two looks. Throws NOT_FOUND, and whatever keeps
   * PostgreSQL from answering.
   */
  async *follow(caller: RequestContext, runId: string, after: number, signal: AbortSignal): AsyncGenerator<RunEventPage> {
    const context = new RequestContext(caller.workspaceId, caller.actor, caller.role, caller.scopes, caller.requestId);
    const sequence = new EventSequence(after);
    const redis = new MendedSource(() => this.stream.open({ workspaceId: context.workspace, id: runId }));
    try {
      while (!signal.aborted) {
        const page = await this.look(context, runId, sequence.last);
        const events = sequence.take(page.events);
        if (events.length > 0 || page.ended) yield { ...page, events };
        if (page.ended) return;
        if (events.length === EVENTS_AT_ONCE) continue;
        const source = await redis.find();
        if (source === null) await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
        else yield* this.fromRedis(source, redis, sequence, page.state, signal);
      }
    } finally {
      redis.close();
    }
  }

  /** Until PostgreSQL has to be asked again: for the state of the run, for what Redis lacks, or because Redis is gone. */
  private async *fromRedis(source: RunEventSource, redis: MendedSource, sequence: EventSequence, state: BackgroundJobState, signal: AbortSignal): AsyncGenerator<RunEventPage> {
    const interrupt = (): void => redis.close();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      const until = performance.now() + POLL_BESIDE_REDIS_MS;
      while (!signal.aborted && performance.now() < until) {
        const found = await source.next(sequence.last, until - performance.now());
        if (found === null) return redis.lose();
        const events = sequence.take(found);
        if (events.length > 0) yield { events, state, ended: false };
        if (events.length < found.length) return;
      }
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  /** One statement that is its own transaction. */
  private async look(context: RequestContext, runId: string, after: number): Promise<RunEventPage> {
    if (!isId(runId)) throw noRun();
    return pageOf(await this.database.statement<PageRow>(context, PAGE, [context.workspace, runId, after, EVENTS_AT_ONCE]), EVENTS_AT_ONCE);
  }
}

/** A source that is opened again some time after it was lost. */
class MendedSource {
  private source: RunEventSource | null = null;
  private closed = false;
  private notBefore = 0;

  constructor(private readonly open: () => Promise<RunEventSource | null>) {}

  async find(): Promise<RunEventSource | null> {
    if (this.source !== null || this.closed || performance.now() < this.notBefore) return this.source;
    this.source = await this.open();
    this.notBefore = performance.now() + REOPEN_REDIS_MS;
    if (this.closed) this.close();
    return this.source;
  }

  lose(): void {
    this.source?.close();
    this.source = null;
    this.notBefore = performance.now() + REOPEN_REDIS_MS;
  }

  close(): void {
    this.closed = true;
    this.source?.close();
    this.source = null;
  }
}

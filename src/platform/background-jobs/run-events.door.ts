import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, messageOf } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { idText, parseInput } from '../../common/validation.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { HttpDoor, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { EVENT_STREAM_HEADERS, formatEvent, retryHint, withHeartbeat } from '../../protocols/sse/server-sent-events.js';
import { RunEventLog } from '../../serverless-jobs/run-events/run-event-log.service.js';
import { CallSupport } from '../call-support/call-support.service.js';
import type { RateLimit } from '../rate-limits/rate-limiter.service.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { readBackgroundJobs } from './background-jobs.permissions.js';
import { OpenStreams } from './open-streams.js';

const OPENINGS: RateLimit = { name: 'event-streams', points: 300, seconds: 60 };
const RETRY_MS = 1_000;
/** How long (ms) a reader who has lost their right may go on to be told. */
const TRUSTED_FOR = 1_000;

const QUERY = z.object({ run: idText, after: z.coerce.number('is not the number of an event').int().min(0).max(Number.MAX_SAFE_INTEGER) });

/** The run, and the number after which the reader goes on: a browser that comes back sends it in a header. */
function asked({ url, headers }: DoorRequest): z.output<typeof QUERY> {
  const last = headers['last-event-id'];
  return parseInput(QUERY, { run: url.searchParams.get('run'), after: (typeof last === 'string' && last !== '' ? last : url.searchParams.get('after')) ?? 0 });
}

/**
 * GET /api/events?run=ID[&after=N]: what a run tells, as server-sent events. A message's id is its number in the run. The event
 * `reconnect` says that the stream closes before the platform would cut it; `end` that the run has ended.
 */
@Injectable()
@HttpDoor('events')
export class RunEventsDoor implements Door {
  private readonly streams = new OpenStreams();

  constructor(
    @Inject(RunEventLog) private readonly log: RunEventLog,
    @Inject(BackgroundJobList) private readonly jobs: BackgroundJobList,
    @Inject(CallSupport) private readonly calls: CallSupport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (request.method !== 'GET') throw new DomainError('METHOD_NOT_ALLOWED', 'Use GET.', 405);
    const { context, run, after } = await this.calls.asMember(request, async (caller) => {
      caller.require(readBackgroundJobs);
      const found = asked(request);
      await this.jobs.get(caller, found.run);
      return { context: caller, ...found };
    });
    // Only now, because counting takes a connection too: whoever holds one and waits for another keeps others from both.
    await this.calls.limit(request, OPENINGS);
    this.streams.check(context.actor.id!);
    return {
      status: 200, headers: EVENT_STREAM_HEADERS,
      stream: { limit: this.environment.streamLimit, parts: (signal) => withHeartbeat(this.counted(request, context, run, after, signal), this.environment.streamHeartbeat) },
    };
  }

  /** Takes its place with its first part: a caller who has gone before that would never give it back. */
  private async *counted(request: DoorRequest, context: RequestContext, run: string, after: number, signal: AbortSignal): AsyncGenerator<string> {
    const who = context.actor.id!;
    this.streams.enter(who);
    try {
      yield* this.parts(request, context, run, after, signal);
    } finally {
      this.streams.leave(who);
    }
  }

  private async *parts(request: DoorRequest, context: RequestContext, run: string, after: number, signal: AbortSignal): AsyncGenerator<string> {
    let trustedUntil = performance.now() + TRUSTED_FOR;
    try {
      yield retryHint(RETRY_MS);
      for await (const { events, state, ended } of this.log.follow(context, run, after, signal)) {
        if (performance.now() > trustedUntil) {
          if (!(await this.mayStillRead(request))) return yield formatEvent({ name: 'reconnect', data: { reason: 'access' } });
          trustedUntil = performance.now() + TRUSTED_FOR;
        }
        if (events.length > 0) yield events.map((event) => formatEvent({ id: event.sequence, data: event })).join('');
        if (ended) return yield formatEvent({ name: 'end', data: { state } });
      }
      yield formatEvent({ name: 'reconnect', data: { reason: 'limit' } });
    } catch (error) {
      // The reader loses nothing: it comes back with the number of the last event that it has.
      this.logger.warn('a stream of events ended early', { run, error: messageOf(error) });
      yield formatEvent({ name: 'reconnect', data: { reason: 'unavailable' } });
    }
  }

  /** Whoever was removed, signed out or demoted in the meantime comes back and is told why not. */
  private async mayStillRead(request: DoorRequest): Promise<boolean> {
    try {
      return await this.calls.asMember(request, async (caller) => caller.can(readBackgroundJobs));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
  }
}

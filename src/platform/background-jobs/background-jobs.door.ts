import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, notFound } from '../../common/errors.js';
import { canonicalJson, type JsonObject } from '../../common/json.js';
import { redact } from '../../common/redact.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput } from '../../common/validation.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { readJson } from '../../protocols/http/request-body.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { CallSupport } from '../call-support/call-support.service.js';
import { BackgroundJobBulk } from './background-job-bulk.service.js';
import { BackgroundJobChanges } from './background-job-changes.service.js';
import { BackgroundJobHistory } from './background-job-history.service.js';
import { BACKGROUND_JOB_ORDERS, BackgroundJobList } from './background-job-list.service.js';
import { BackgroundJobStatistics } from './background-job-statistics.service.js';
import { changeBackgroundJobs, readBackgroundJobPayloads, readBackgroundJobs, retryBackgroundJobs } from './background-jobs.permissions.js';
import { timelineOf } from './job-timeline.js';

const BODY_LIMIT_BYTES = 20_000;
const LOG_LINES = 200;
const ACTIONS = ['retry', 'retry-from-step', 'cancel', 'pause', 'resume', 'run-now', 'discard', 'reschedule'];

const PAGE = z.object({
  first: z.coerce.number().int().optional(), after: z.string().max(2_000).optional(),
  order: z.string().toUpperCase().pipe(z.enum(BACKGROUND_JOB_ORDERS)).default('NEWEST'),
});

const shown = (job: BackgroundJob): object => ({
  id: job.id, type: job.type, kind: job.kind, state: job.state, subjectType: job.subjectType, subjectId: job.subjectId, dedupeKey: job.dedupeKey, concurrencyKey: job.concurrencyKey,
  parentId: job.parentId, priority: job.priority, attempts: job.attempts, maxAttempts: job.maxAttempts, progressPercent: job.progressPercent, progressMessage: job.progressMessage,
  counters: job.counters, errorCode: job.errorCode, errorMessage: job.errorMessage, discardReason: job.discardReason,
  runAt: job.runAt, createdAt: job.createdAt, startedAt: job.startedAt, finishedAt: job.finishedAt, result: redact(job.result),
});

/** The filter in a query: `state` may be repeated or hold several with commas between. */
function queried({ searchParams }: URL): JsonObject {
  const states = searchParams.getAll('state').flatMap((text) => text.split(',')).filter((state) => state !== '');
  return { ...Object.fromEntries(searchParams), states };
}

/**
 * GET /api/background-jobs, /{id}, /counts, /queue, /statistics, /matches?action=; POST /{id}/retry, retry-from-step {step}, cancel, pause, resume, run-now,
 * discard {reason}, reschedule {at}; POST /bulk {action, filter, reason}.
 */
@Injectable()
@HttpDoor('background-jobs')
export class BackgroundJobsDoor implements Door {
  constructor(
    @Inject(BackgroundJobList) private readonly jobs: BackgroundJobList,
    @Inject(BackgroundJobHistory) private readonly history: BackgroundJobHistory,
    @Inject(BackgroundJobStatistics) private readonly statistics: BackgroundJobStatistics,
    @Inject(BackgroundJobChanges) private readonly changes: BackgroundJobChanges,
    @Inject(BackgroundJobBulk) private readonly bulk: BackgroundJobBulk,
    @Inject(CallSupport) private readonly calls: CallSupport,
  ) {}

  handle(request: DoorRequest): Promise<DoorResponse> {
    const route = subPath(request, 'background-jobs');
    if (request.method !== 'GET' && request.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED', 'Use GET to read and POST to change.', 405);
    return this.calls.asMember(request, (context) => {
      context.require(readBackgroundJobs);
      return request.method === 'GET' ? this.read(request, context, route) : this.write(request, context, route);
    });
  }

  private async read({ url }: DoorRequest, context: RequestContext, route: string): Promise<DoorResponse> {
    const query = queried(url);
    if (route === 'counts') return jsonResponse(200, { counts: await this.jobs.counts(context) });
    if (route === 'queue') return jsonResponse(200, await this.statistics.depth(context));
    if (route === 'statistics') return jsonResponse(200, { types: await this.statistics.figures(context, { ...query, bucket: url.searchParams.get('bucket')?.toUpperCase() }) });
    if (route === 'matches') return jsonResponse(200, { matches: await this.bulk.matches(context, { action: query['action'], filter: query }) });
    if (route !== '') return jsonResponse(200, await this.one(context, route));
    const { order, ...page } = parseInput(PAGE, query);
    const list = await this.jobs.list(context, query, order, page);
    return jsonResponse(200, { backgroundJobs: list.nodes.map(shown), endCursor: list.pageInfo.endCursor, hasNextPage: list.pageInfo.hasNextPage });
  }

  private async one(context: RequestContext, id: string): Promise<object> {
    const job = await this.jobs.get(context, id);
    const [attempts, steps, logs] = await Promise.all([
      this.history.attempts(context, id), this.history.steps(context, id), this.history.logs(context, id, { first: LOG_LINES }),
    ]);
    const payload = context.can(readBackgroundJobPayloads) ? redact(job.payload) : null;
    return { ...shown(job), payload, attemptLog: attempts, steps, timeline: timelineOf(job, attempts, steps), logs: logs.nodes };
  }

  private async write(request: DoorRequest, context: RequestContext, route: string): Promise<DoorResponse> {
    const body = Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] ? await readJson(request, BODY_LIMIT_BYTES) : {};
    // The route is part of it, because a rewrite may have moved it from the path into the query.
    const fingerprint = canonicalJson({ route, body });
    if (route === 'bulk') {
      const answer = await this.calls.once(request, context, fingerprint, async () => ({ backgroundJobId: await this.bulk.start(context, body) }));
      return jsonResponse(202, answer);
    }
    const [id = '', action = '', ...rest] = route.split('/');
    if (!ACTIONS.includes(action) || rest.length > 0) throw notFound('The action');
    context.require(action.startsWith('retry') ? retryBackgroundJobs : changeBackgroundJobs);
    const change = async (): Promise<JsonObject> => {
      await this.changes.apply(context, id, { ...body, action });
      return JSON.parse(JSON.stringify(shown(await this.jobs.get(context, id)))) as JsonObject;
    };
    // These two are the same however often they are done, and must not run inside the transaction that stores an answer.
    return jsonResponse(200, action === 'cancel' || action === 'retry-from-step' ? await change() : await this.calls.once(request, context, fingerprint, change));
  }
}

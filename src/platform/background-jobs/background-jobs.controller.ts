import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineOperation, RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, TIME, timeOrNull, timeText } from '../../protocols/rest/rest-schemas.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { readBackgroundJobs } from './background-jobs.permissions.js';

const STATE = z.enum(['queued', 'running', 'waiting', 'paused', 'done', 'dead', 'cancelled', 'discarded']);
const JOB = named('BackgroundJob', {
  id: ID, type: z.string(), kind: z.enum(['job', 'workflow']), state: STATE, subjectType: z.string().nullable(), subjectId: ID.nullable(), attempts: z.int(), maxAttempts: z.int(),
  progressPercent: z.int(), progressMessage: z.string().nullable(), errorCode: z.string().nullable(), errorMessage: z.string().nullable(),
  runAt: TIME, createdAt: TIME, startedAt: TIME.nullable(), finishedAt: TIME.nullable(),
});
const QUERY = z.object({ state: STATE.optional(), sort: z.enum(['newest', 'oldest', 'due']).default('newest'), ...PAGE_QUERY });

const shown = ({ id, type, kind, state, subjectType, subjectId, attempts, maxAttempts, progressPercent, progressMessage, errorCode, errorMessage, runAt, createdAt, startedAt, finishedAt }: BackgroundJob): z.input<typeof JOB> => ({
  id, type, kind, state, subjectType, subjectId, attempts, maxAttempts, progressPercent, progressMessage, errorCode, errorMessage,
  runAt: timeText(runAt), createdAt: timeText(createdAt), startedAt: timeOrNull(startedAt), finishedAt: timeOrNull(finishedAt),
});

/** What is under way in the background. To act on it, there is /api/background-jobs. */
@Injectable()
@RestOperations()
export class BackgroundJobsController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listBackgroundJobs', method: 'GET', path: '/background-jobs', tag: 'Background jobs', summary: 'Lists background jobs.', permission: readBackgroundJobs, query: QUERY, answer: pageSchema('BackgroundJobPage', JOB),
      run: async (context, { query: { state, sort, ...page } }) =>
        pageAnswer(await this.jobs.list(context, { states: state ? [state] : [] }, ({ newest: 'NEWEST', oldest: 'OLDEST', due: 'DUE' } as const)[sort], pageOf(page)), shown),
    }),
    defineOperation({
      name: 'getBackgroundJob', method: 'GET', path: '/background-jobs/{id}', tag: 'Background jobs', summary: 'Reads one background job: how far it is and how it ended.', permission: readBackgroundJobs, answer: JOB,
      run: async (context, { id }) => shown(await this.jobs.get(context, id)),
    }),
  ];

  constructor(@Inject(BackgroundJobList) private readonly jobs: BackgroundJobList) {}
}

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Permission } from '../../../common/permission.js';
import type { RequestContext } from '../../../common/request-context.js';
import { shortText } from '../../../common/validation.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet, type RestOperation } from '../../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, TIME, timeOrNull, timeText } from '../../../protocols/rest/rest-schemas.js';
import { ApplicationEntry } from './application-entry.service.js';
import type { Application } from './application.entity.js';
import { ApplicationService } from './application.service.js';
import { createApplications, moveApplications, readApplications, rejectApplications } from './applications.permissions.js';
import { StageEvent } from './stage-event.entity.js';

const STATUS = z.enum(['active', 'hired', 'rejected', 'withdrawn']);
const APPLICATION = named('Application', {
  id: ID, candidateId: ID, jobOpeningId: ID, stageId: ID, resumeDocumentId: ID.nullable(), status: STATUS, source: z.string(), rejectReason: z.string().nullable(),
  score: z.number().nullable().describe('0 to 100; null until the resume has been analysed. It is advice; people decide.'), analysisJobId: ID.nullable().describe('The background job that analyses the resume.'),
  appliedAt: TIME, stageSince: TIME, decidedAt: TIME.nullable(), version: z.int(), updatedAt: TIME,
});
const STAGE_EVENT = named('StageEvent', {
  id: ID, fromStageId: ID.nullable(), toStageId: ID, actorType: z.string(), actorId: ID.nullable(), reason: z.string().nullable(), timeInPreviousMs: z.number().nullable(), at: TIME,
});
const QUERY = z.object({ jobOpeningId: ID.optional(), stageId: ID.optional(), candidateId: ID.optional(), status: STATUS.optional(), sort: z.enum(['newest', 'score']).default('newest'), ...PAGE_QUERY });
const REASON = z.object({ reason: shortText });

const shown = ({ id, candidateId, jobOpeningId, pipelineStageId, resumeDocumentId, status, source, rejectReason, score, analysisJobId, appliedAt, stageSince, decidedAt, version, updatedAt }: Application): z.input<typeof APPLICATION> => ({
  id, candidateId, jobOpeningId, stageId: pipelineStageId, resumeDocumentId, status, source, rejectReason, score, analysisJobId,
  appliedAt: timeText(appliedAt), stageSince: timeText(stageSince), decidedAt: timeOrNull(decidedAt), version, updatedAt: timeText(updatedAt),
});

@Injectable()
@RestOperations()
export class ApplicationsController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listApplications', method: 'GET', path: '/applications', tag: 'Applications', summary: 'Lists applications.', permission: readApplications, query: QUERY, answer: pageSchema('ApplicationPage', APPLICATION),
      run: async (context, { query: { jobOpeningId = null, stageId = null, candidateId = null, status = null, sort, ...page } }) =>
        pageAnswer(await this.applications.list(context, { jobOpeningId, stageId, candidateId, status }, sort === 'score' ? 'SCORE' : 'NEWEST', pageOf(page)), shown),
    }),
    defineOperation({
      name: 'getApplication', method: 'GET', path: '/applications/{id}', tag: 'Applications', summary: 'Reads one application.', permission: readApplications, answer: APPLICATION,
      run: async (context, { id }) => shown(await this.applications.get(context, id)),
    }),
    defineOperation({
      name: 'listStageEvents', method: 'GET', path: '/applications/{id}/stage-events', tag: 'Applications', summary: 'Reads the way of an application through its pipeline, the oldest step first.', permission: readApplications,
      answer: named('StageEvents', { items: z.array(STAGE_EVENT) }), run: (context, { id }) => this.stageEvents(context, id),
    }),
    defineOperation({
      name: 'createApplication', method: 'POST', path: '/applications', tag: 'Applications', summary: 'Considers a known candidate for a job, in the first stage of its pipeline.', permission: createApplications,
      status: 201, location: { path: '/applications/{id}', member: 'id' }, body: z.object({ candidateId: ID, jobOpeningId: ID }), answer: APPLICATION,
      run: async (context, { body }) => shown(await this.entry.create(context, body.candidateId, body.jobOpeningId)),
    }),
    defineOperation({
      ...this.change('moveApplication', 'move', 'Moves an application to another stage of its pipeline.', moveApplications), body: z.object({ stageId: ID }), answer: APPLICATION,
      run: async (context, { id, body, version }) => shown(await this.applications.move(context, id, body.stageId, version)),
    }),
    defineOperation({
      ...this.change('rejectApplication', 'reject', 'Rejects an application, with the reason that the team will read.', rejectApplications), body: REASON, answer: APPLICATION,
      run: async (context, { id, body, version }) => shown(await this.applications.reject(context, id, body.reason, version)),
    }),
    defineOperation({
      ...this.change('withdrawApplication', 'withdraw', 'Ends an application because the candidate no longer wants the job.', rejectApplications), body: REASON, answer: APPLICATION,
      run: async (context, { id, body, version }) => shown(await this.applications.withdraw(context, id, body.reason, version)),
    }),
    defineOperation({
      ...this.change('restoreApplication', 'restore', 'Takes the end of an application back.', rejectApplications), answer: APPLICATION,
      run: async (context, { id, version }) => shown(await this.applications.restore(context, id, version)),
    }),
  ];

  constructor(
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(ApplicationEntry) private readonly entry: ApplicationEntry,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private change(name: string, verb: string, summary: string, permission: Permission) {
    const facts: Pick<RestOperation, 'name' | 'method' | 'path' | 'tag' | 'summary' | 'permission' | 'precondition'> = { name, method: 'POST', path: `/applications/{id}/${verb}`, tag: 'Applications', summary, permission, precondition: 'honoured' };
    return facts;
  }

  private async stageEvents(context: RequestContext, applicationId: string): Promise<{ items: z.input<typeof STAGE_EVENT>[] }> {
    await this.applications.get(context, applicationId);
    const events = await this.loader.manyBy(context, StageEvent, 'applicationId', applicationId);
    return {
      items: events.sort((a, b) => a.at.getTime() - b.at.getTime())
        .map(({ id, fromStageId, toStageId, actorType, actorId, reason, timeInPreviousMs, at }) => ({ id, fromStageId, toStageId, actorType, actorId, reason, timeInPreviousMs, at: timeText(at) })),
    };
  }
}

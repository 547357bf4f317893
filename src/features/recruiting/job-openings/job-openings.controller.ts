import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../../common/errors.js';
import type { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, SEARCH_TEXT, TIME, timeOrNull, timeText } from '../../../protocols/rest/rest-schemas.js';
import { Criterion } from './criterion.entity.js';
import { JobOpening } from './job-opening.entity.js';
import { JOB_OPENING_INPUT, JOB_REQUIREMENTS, JobOpeningService } from './job-opening.service.js';
import { readJobOpenings, writeJobOpenings } from './job-openings.permissions.js';

const STATUS = z.enum(['draft', 'open', 'on_hold', 'closed', 'archived']);
const OPENING = named('JobOpening', {
  id: ID, title: z.string(), description: z.string(), department: z.string().nullable(), location: z.string().nullable(),
  employmentType: z.enum(['FULL_TIME', 'PART_TIME', 'CONTRACTOR', 'TEMPORARY', 'INTERN']), status: STATUS, minimumYears: z.number().nullable(),
  criteria: z.array(z.strictObject({ label: z.string(), necessity: z.enum(['must', 'nice']) })), pipelineId: ID, companyId: ID.nullable().describe('Null when we hire for ourselves.'),
  version: z.int(), createdAt: TIME, updatedAt: TIME, openedAt: TIME.nullable(), closedAt: TIME.nullable(),
});
const QUERY = z.object({ text: SEARCH_TEXT.optional().describe('Part of the title.'), status: STATUS.optional(), sort: z.enum(['newest', 'title']).default('newest'), ...PAGE_QUERY });
const TAG = 'Job openings';

@Injectable()
@RestOperations()
export class JobOpeningsController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listJobOpenings', method: 'GET', path: '/job-openings', tag: TAG, summary: 'Lists job openings.', permission: readJobOpenings, query: QUERY, answer: pageSchema('JobOpeningPage', OPENING),
      run: async (context, { query: { text, status, sort, ...page } }) =>
        pageAnswer(await this.openings.list(context, { text: text ?? null, status: status ?? null }, sort === 'title' ? 'TITLE' : 'NEWEST', pageOf(page)), (opening) => this.shown(context, opening)),
    }),
    defineOperation({ name: 'getJobOpening', method: 'GET', path: '/job-openings/{id}', tag: TAG, summary: 'Reads one job opening.', permission: readJobOpenings, answer: OPENING, run: async (context, { id }) => this.shown(context, await this.get(context, id)) }),
    defineOperation({
      name: 'createJobOpening', method: 'POST', path: '/job-openings', tag: TAG, summary: 'Makes a draft.', permission: writeJobOpenings, status: 201, location: { path: '/job-openings/{id}', member: 'id' },
      body: JOB_OPENING_INPUT, answer: OPENING, run: async (context, { body }) => this.shown(context, await this.openings.create(context, body)),
    }),
    defineOperation({
      name: 'replaceJobRequirements', method: 'PUT', path: '/job-openings/{id}/requirements', tag: TAG, summary: 'Replaces what a job asks for.', permission: writeJobOpenings, precondition: 'required', body: JOB_REQUIREMENTS, answer: OPENING,
      run: async (context, { id, body, version }) => this.shown(context, await this.openings.changeRequirements(context, id, version ?? (await this.get(context, id)).version, body)),
    }),
    defineOperation({
      name: 'publishJobOpening', method: 'POST', path: '/job-openings/{id}/publish', tag: TAG, summary: 'Opens a job and puts its text on the careers page.', permission: writeJobOpenings,
      answer: named('JobPosting', { id: ID, jobOpeningId: ID, slug: z.string(), publishedAt: TIME.nullable() }),
      run: async (context, { id }) => {
        const posting = await this.openings.publishPosting(context, id);
        return { id: posting.id, jobOpeningId: posting.jobOpeningId, slug: posting.slug, publishedAt: timeOrNull(posting.publishedAt) };
      },
    }),
    defineOperation({
      name: 'closeJobOpening', method: 'POST', path: '/job-openings/{id}/close', tag: TAG, summary: 'Closes a job and takes it off the careers page; its applications stay.', permission: writeJobOpenings, answer: OPENING,
      run: async (context, { id }) => this.shown(context, await this.openings.close(context, id)),
    }),
  ];

  constructor(
    @Inject(JobOpeningService) private readonly openings: JobOpeningService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<JobOpening> {
    const opening = await this.loader.byId(context, JobOpening, id);
    if (!opening) throw notFound('The job opening');
    return opening;
  }

  private async shown(context: RequestContext, opening: JobOpening): Promise<z.input<typeof OPENING>> {
    const { id, title, description, department, location, employmentType, status, minimumYears, pipelineId, companyId, version, createdAt, updatedAt, openedAt, closedAt } = opening;
    const criteria = await this.loader.manyBy(context, Criterion, 'jobOpeningId', id);
    return {
      id, title, description, department, location, employmentType, status, minimumYears, pipelineId, companyId, version,
      criteria: criteria.sort((a, b) => a.position - b.position).map(({ label, necessity }) => ({ label, necessity })),
      createdAt: timeText(createdAt), updatedAt: timeText(updatedAt), openedAt: timeOrNull(openedAt ?? null), closedAt: timeOrNull(closedAt ?? null),
    };
  }
}

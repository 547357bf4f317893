import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { shortText } from '../../../common/validation.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineTool, McpTools, type ToolAnswer, type ToolSet } from '../../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT, PAGE_INPUT, pageAnswer, pageOf } from '../../../protocols/mcp/tool-page.js';
import { Person } from '../../people/person.entity.js';
import { PipelineStage } from '../../pipelines/pipeline-stage.entity.js';
import { Candidate } from '../candidates/candidate.entity.js';
import { JobOpening } from '../job-openings/job-opening.entity.js';
import { ApplicationEntry } from './application-entry.service.js';
import type { Application } from './application.entity.js';
import { ApplicationService } from './application.service.js';
import { createApplications, moveApplications, readApplications, rejectApplications } from './applications.permissions.js';

const ONE = z.object({ id: ID_INPUT });
const FILTER = z.object({
  job_opening_id: ID_INPUT.optional(), stage_id: ID_INPUT.optional(), candidate_id: ID_INPUT.optional(), status: z.enum(['active', 'hired', 'rejected', 'withdrawn']).optional(),
  sort: z.enum(['newest', 'score']).default('newest'), ...PAGE_INPUT,
});

@Injectable()
@McpTools()
export class ApplicationsTools implements ToolSet {
  readonly tools = [
    defineTool({ name: 'find_applications', description: 'Applications, by job, stage, candidate or status.', permission: readApplications, effect: 'read', input: FILTER, run: (context, filter) => this.find(context, filter) }),
    defineTool({
      name: 'get_application', description: 'One application: who, for which job, in which stage, its score and state.', permission: readApplications, effect: 'read', input: ONE,
      run: async (context, { id }) => ({ result: await this.shown(context, await this.applications.get(context, id)) }),
    }),
    defineTool({
      name: 'create_application', description: 'Considers a known candidate for a job.', permission: createApplications, effect: 'change', input: z.object({ candidate_id: ID_INPUT, job_opening_id: ID_INPUT }),
      run: async (context, { candidate_id: candidate, job_opening_id: opening }) => ({ result: await this.shown(context, await this.entry.create(context, candidate, opening)) }),
    }),
    defineTool({
      name: 'move_application', description: 'Moves an application to another stage of its pipeline.', permission: moveApplications, effect: 'change', input: z.object({ id: ID_INPUT, stage_id: ID_INPUT }),
      run: (context, { id, stage_id: stageId }) => this.move(context, id, stageId),
    }),
    defineTool({
      name: 'reject_application', description: 'Rejects an application, with the reason that the team will read.', permission: rejectApplications, effect: 'destroy', input: z.object({ id: ID_INPUT, reason: shortText }),
      run: async (context, { id, reason }) => ({ result: await this.shown(context, await this.applications.reject(context, id, reason)), undo: { tool: 'restore_application', input: { id } } }),
    }),
    defineTool({
      name: 'restore_application', description: 'Takes a rejection back.', permission: rejectApplications, effect: 'change', input: ONE,
      run: async (context, { id }) => ({ result: await this.shown(context, await this.applications.restore(context, id)) }),
    }),
  ];

  readonly resources = [{ uri: 'perch://applications/{id}', name: 'application', description: 'One application.', tool: 'get_application' }];

  readonly prompts = [{
    name: 'screen', description: 'Screen one application against its job.', values: { application_id: 'id of the application' },
    text: ({ application_id: id = '' }: Readonly<Record<string, string>>) =>
      `Read the application ${id}, its job opening and its score. Say in five sentences what speaks for and against it, each with the evidence. Leave out what tells age, gender, origin or family. Change nothing.`,
  }];

  constructor(
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(ApplicationEntry) private readonly entry: ApplicationEntry,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async find(context: RequestContext, { job_opening_id, stage_id, candidate_id, status, sort, ...page }: z.output<typeof FILTER>): Promise<ToolAnswer> {
    const list = await this.applications.list(context, { jobOpeningId: job_opening_id ?? null, stageId: stage_id ?? null, candidateId: candidate_id ?? null, status: status ?? null }, sort === 'score' ? 'SCORE' : 'NEWEST', pageOf(page));
    return pageAnswer(list, (application) => this.shown(context, application));
  }

  private async move(context: RequestContext, id: string, stageId: string): Promise<ToolAnswer> {
    const { pipelineStageId: before } = await this.applications.get(context, id);
    const moved = await this.applications.move(context, id, stageId);
    return { result: await this.shown(context, moved), undo: before === stageId ? null : { tool: 'move_application', input: { id, stage_id: before } } };
  }

  private async shown(context: RequestContext, application: Application): Promise<JsonObject> {
    const { id, candidateId, jobOpeningId, pipelineStageId, status, score, rejectReason, appliedAt, analysisJobId } = application;
    const candidate = await this.loader.byId(context, Candidate, candidateId);
    const person = await this.loader.byId(context, Person, candidate?.personId ?? null);
    const opening = await this.loader.byId(context, JobOpening, jobOpeningId);
    const stage = await this.loader.byId(context, PipelineStage, pipelineStageId);
    return compact({
      id, candidate: person?.displayName ?? null, candidateId, job: opening?.title ?? null, jobOpeningId, stage: stage?.name ?? null, stageId: pipelineStageId, status, score, rejectReason,
      appliedAt: appliedAt.toISOString().slice(0, 10), analysisJobId,
    });
  }
}

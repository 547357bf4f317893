import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../../common/errors.js';
import type { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineTool, McpTools, type ToolAnswer, type ToolSet } from '../../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT, PAGE_INPUT, pageAnswer, pageOf } from '../../../protocols/mcp/tool-page.js';
import { PipelineStage } from '../../pipelines/pipeline-stage.entity.js';
import { Criterion } from './criterion.entity.js';
import { JobOpening } from './job-opening.entity.js';
import { JobOpeningService } from './job-opening.service.js';
import { readJobOpenings } from './job-openings.permissions.js';

@Injectable()
@McpTools()
export class JobOpeningsTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'find_job_openings', description: 'Job openings by title and status, the newest first.', permission: readJobOpenings, effect: 'read',
      input: z.object({ text: z.string().max(200).optional(), status: z.enum(['draft', 'open', 'on_hold', 'closed']).optional(), ...PAGE_INPUT }),
      run: async (context, { text, status, ...page }) => pageAnswer(await this.openings.list(context, { text: text ?? null, status: status ?? null }, 'NEWEST', pageOf(page)),
        (opening) => ({ id: opening.id, title: opening.title, status: opening.status, location: opening.location, department: opening.department })),
    }),
    defineTool({
      name: 'get_job_opening', description: 'One job opening: what it asks for, and the stages of its pipeline with their ids.', permission: readJobOpenings, effect: 'read',
      input: z.object({ id: ID_INPUT }), run: (context, { id }) => this.get(context, id),
    }),
  ];

  readonly resources = [{ uri: 'perch://job-openings/{id}', name: 'job-opening', description: 'One job opening.', tool: 'get_job_opening' }];

  readonly prompts = [{
    name: 'shortlist', description: 'Propose the candidates of a job who should be talked to first.', values: { job_opening_id: 'id of the job opening' },
    text: ({ job_opening_id: id = '' }: Readonly<Record<string, string>>) =>
      `Read the job opening ${id} and its active applications with their scores. Propose at most five people to talk to first, with the evidence for each. Change nothing.`,
  }];

  constructor(
    @Inject(JobOpeningService) private readonly openings: JobOpeningService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<ToolAnswer> {
    const opening = await this.loader.byId(context, JobOpening, id);
    if (!opening) throw notFound('The job opening');
    const stages = await this.loader.manyBy(context, PipelineStage, 'pipelineId', opening.pipelineId);
    const criteria = await this.loader.manyBy(context, Criterion, 'jobOpeningId', id);
    return {
      result: compact({
        id, title: opening.title, status: opening.status, location: opening.location, department: opening.department, description: opening.description,
        criteria: criteria.sort((a, b) => a.position - b.position).map(({ label, necessity }) => ({ label, necessity })),
        stages: stages.sort((a, b) => a.position - b.position).map(({ id: stageId, name, category }) => ({ id: stageId, name, category })),
      }),
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, TIME, timeText } from '../../protocols/rest/rest-schemas.js';
import { PipelineStage } from './pipeline-stage.entity.js';
import { Pipeline } from './pipeline.entity.js';
import { PIPELINE_INPUT, PipelineService } from './pipeline.service.js';
import { readPipelines, writePipelines } from './pipelines.permissions.js';

const STAGE = named('PipelineStage', { id: ID, name: z.string(), position: z.int(), category: z.enum(['lead', 'applied', 'screen', 'interview', 'offer', 'hired', 'rejected']) });
const PIPELINE = named('Pipeline', { id: ID, name: z.string(), stages: z.array(STAGE).describe('In their order.'), createdAt: TIME });

@Injectable()
@RestOperations()
export class PipelinesController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listPipelines', method: 'GET', path: '/pipelines', tag: 'Pipelines', summary: 'Lists pipelines with their stages, the oldest first.', permission: readPipelines, query: z.object(PAGE_QUERY), answer: pageSchema('PipelinePage', PIPELINE),
      run: async (context, { query }) => pageAnswer(await this.pipelines.page(context, pageOf(query)), (pipeline) => this.shown(context, pipeline)),
    }),
    defineOperation({ name: 'getPipeline', method: 'GET', path: '/pipelines/{id}', tag: 'Pipelines', summary: 'Reads one pipeline with its stages.', permission: readPipelines, answer: PIPELINE, run: (context, { id }) => this.get(context, id) }),
    defineOperation({
      name: 'createPipeline', method: 'POST', path: '/pipelines', tag: 'Pipelines', summary: 'Makes a pipeline; one of its stages has the category "applied".', permission: writePipelines, status: 201, location: { path: '/pipelines/{id}', member: 'id' },
      body: PIPELINE_INPUT, answer: PIPELINE, run: async (context, { body }) => this.shown(context, await this.pipelines.create(context, body)),
    }),
  ];

  constructor(
    @Inject(PipelineService) private readonly pipelines: PipelineService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<z.input<typeof PIPELINE>> {
    const pipeline = await this.loader.byId(context, Pipeline, id);
    if (!pipeline) throw notFound('The pipeline');
    return this.shown(context, pipeline);
  }

  private async shown(context: RequestContext, { id, name, createdAt }: Pipeline): Promise<z.input<typeof PIPELINE>> {
    const stages = await this.loader.manyBy(context, PipelineStage, 'pipelineId', id);
    return {
      id, name, createdAt: timeText(createdAt),
      stages: stages.sort((a, b) => a.position - b.position).map(({ id: stageId, name: stageName, position, category }) => ({ id: stageId, name: stageName, position, category })),
    };
  }
}

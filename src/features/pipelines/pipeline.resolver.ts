import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission } from '../../platform/access-control/authorize.js';
import { PipelineStage } from './pipeline-stage.entity.js';
import { PipelineModel, PipelineStageInput, PipelineStageModel } from './pipeline.model.js';
import { PipelineService } from './pipeline.service.js';
import { readPipelines, writePipelines } from './pipelines.permissions.js';

@Resolver(() => PipelineModel)
export class PipelineResolver {
  constructor(
    @Inject(PipelineService) private readonly pipelines: PipelineService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => [PipelineModel], { name: 'pipelines' })
  @RequirePermission(readPipelines)
  list(@Caller() context: RequestContext): Promise<PipelineModel[]> {
    return this.pipelines.list(context);
  }

  @Mutation(() => PipelineModel)
  @RequirePermission(writePipelines)
  createPipeline(
    @Caller() context: RequestContext,
    @Args('name') name: string,
    @Args('stages', { type: () => [PipelineStageInput] }) stages: PipelineStageInput[],
  ): Promise<PipelineModel> {
    return this.pipelines.create(context, { name, stages });
  }

  @ResolveField(() => [PipelineStageModel])
  async stages(@Caller() context: RequestContext, @Parent() pipeline: PipelineModel): Promise<PipelineStage[]> {
    const stages = await this.loader.manyBy(context, PipelineStage, 'pipelineId', pipeline.id);
    return stages.sort((a, b) => a.position - b.position);
  }
}

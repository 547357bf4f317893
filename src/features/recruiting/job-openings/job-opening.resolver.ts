import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../../protocols/graphql/connection.js';
import { RequirePermission } from '../../../platform/access-control/authorize.js';
import { readCompanies } from '../../companies/companies.permissions.js';
import { Company } from '../../companies/company.entity.js';
import { CompanyModel } from '../../companies/company.model.js';
import { Pipeline } from '../../pipelines/pipeline.entity.js';
import { PipelineModel } from '../../pipelines/pipeline.model.js';
import { Criterion } from './criterion.entity.js';
import { JobOpening } from './job-opening.entity.js';
import {
  CriterionModel, JobOpeningConnection, JobOpeningFilter, JobOpeningInput, JobOpeningModel, JobOpeningSortEnum, JobPostingModel, JobRequirementsInput,
  type JobOpeningSort,
} from './job-opening.model.js';
import { JobOpeningService } from './job-opening.service.js';
import { readJobOpenings, writeJobOpenings } from './job-openings.permissions.js';
import { JobPosting } from './job-posting.entity.js';

@Resolver(() => JobOpeningModel)
export class JobOpeningResolver {
  constructor(
    @Inject(JobOpeningService) private readonly jobOpenings: JobOpeningService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => JobOpeningConnection, { name: 'jobOpenings' })
  @RequirePermission(readJobOpenings)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: JobOpeningFilter,
    @Args('sort', { type: () => JobOpeningSortEnum, defaultValue: 'NEWEST' }) sort: JobOpeningSort = 'NEWEST',
  ): Promise<Connection<JobOpening>> {
    return this.jobOpenings.list(context, filter ?? {}, sort, page);
  }

  @Query(() => JobOpeningModel, { name: 'jobOpening', nullable: true })
  @RequirePermission(readJobOpenings)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<JobOpening | null> {
    return this.loader.byId(context, JobOpening, id);
  }

  @Mutation(() => JobOpeningModel)
  @RequirePermission(writeJobOpenings)
  createJobOpening(@Caller() context: RequestContext, @Args('input') input: JobOpeningInput): Promise<JobOpening> {
    return this.jobOpenings.create(context, input);
  }

  @Mutation(() => JobOpeningModel, { description: 'Replaces what the job asks for. Rankings of candidates are made again.' })
  @RequirePermission(writeJobOpenings)
  changeJobRequirements(
    @Caller() context: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int, description: 'The version that was read; somebody else may have changed it since.' }) version: number,
    @Args('input') input: JobRequirementsInput,
  ): Promise<JobOpening> {
    return this.jobOpenings.changeRequirements(context, id, version, input);
  }

  @Mutation(() => JobPostingModel)
  @RequirePermission(writeJobOpenings)
  publishPosting(@Caller() context: RequestContext, @Args('jobOpeningId', { type: () => ID }) id: string): Promise<JobPosting> {
    return this.jobOpenings.publishPosting(context, id);
  }

  @Mutation(() => JobOpeningModel)
  @RequirePermission(writeJobOpenings)
  closeJobOpening(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<JobOpening> {
    return this.jobOpenings.close(context, id);
  }

  @ResolveField(() => [CriterionModel])
  async criteria(@Caller() context: RequestContext, @Parent() opening: JobOpeningModel): Promise<Criterion[]> {
    const criteria = await this.loader.manyBy(context, Criterion, 'jobOpeningId', opening.id);
    return criteria.sort((a, b) => a.position - b.position);
  }

  @ResolveField(() => JobPostingModel, { nullable: true })
  async posting(@Caller() context: RequestContext, @Parent() opening: JobOpeningModel): Promise<JobPosting | null> {
    return (await this.loader.manyBy(context, JobPosting, 'jobOpeningId', opening.id))[0] ?? null;
  }

  @ResolveField(() => PipelineModel)
  pipeline(@Caller() context: RequestContext, @Parent() opening: JobOpeningModel): Promise<Pipeline | null> {
    return this.loader.byId(context, Pipeline, opening.pipelineId);
  }

  @ResolveField(() => CompanyModel, { nullable: true })
  async company(@Caller() context: RequestContext, @Parent() opening: JobOpeningModel): Promise<Company | null> {
    return context.can(readCompanies) ? this.loader.byId(context, Company, opening.companyId) : null;
  }
}

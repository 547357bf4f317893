import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { JobAttempt } from '../../serverless-jobs/entities/job-attempt.entity.js';
import { JobControlService } from '../../serverless-jobs/control/job-control.service.js';
import { RequirePermission } from '../access-control/authorize.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { BackgroundJobConnection, BackgroundJobCount, BackgroundJobFilter, BackgroundJobModel, JobAttemptModel } from './background-job.model.js';
import { readBackgroundJobs, retryBackgroundJobs } from './background-jobs.permissions.js';

@Resolver(() => BackgroundJobModel)
export class BackgroundJobResolver {
  constructor(
    @Inject(BackgroundJobList) private readonly jobs: BackgroundJobList,
    @Inject(JobControlService) private readonly control: JobControlService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => BackgroundJobConnection, { name: 'backgroundJobs', description: 'The newest first.' })
  @RequirePermission(readBackgroundJobs)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: BackgroundJobFilter,
  ): Promise<Connection<BackgroundJob>> {
    return this.jobs.list(context, filter ?? {}, page);
  }

  @Query(() => [BackgroundJobCount], { name: 'backgroundJobCounts' })
  @RequirePermission(readBackgroundJobs)
  counts(@Caller() context: RequestContext): Promise<BackgroundJobCount[]> {
    return this.jobs.counts(context);
  }

  @Query(() => BackgroundJobModel, { name: 'backgroundJob', nullable: true })
  @RequirePermission(readBackgroundJobs)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<BackgroundJob | null> {
    return this.loader.byId(context, BackgroundJob, id);
  }

  @Mutation(() => BackgroundJobModel, { nullable: true, description: 'Runs a failed job again from the beginning.' })
  @RequirePermission(retryBackgroundJobs)
  async retryBackgroundJob(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<BackgroundJob | null> {
    await this.control.retry(context, id);
    return this.loader.byId(context, BackgroundJob, id);
  }

  @ResolveField(() => [JobAttemptModel], { name: 'attemptLog' })
  async attemptLog(@Caller() context: RequestContext, @Parent() job: BackgroundJobModel): Promise<JobAttempt[]> {
    const attempts = await this.loader.manyBy(context, JobAttempt, 'backgroundJobId', job.id);
    return attempts.sort((a, b) => a.number - b.number);
  }
}

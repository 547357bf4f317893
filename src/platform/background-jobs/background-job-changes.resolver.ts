import { Inject } from '@nestjs/common';
import { Args, GraphQLISODateTime, ID, Mutation, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { RequirePermission } from '../access-control/authorize.js';
import { BackgroundJobBulk } from './background-job-bulk.service.js';
import { BackgroundJobChanges } from './background-job-changes.service.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { BackgroundJobFilter, BackgroundJobModel } from './background-job.model.js';
import { changeBackgroundJobs, retryBackgroundJobs } from './background-jobs.permissions.js';

const ID_ARGUMENT = { type: () => ID };

@Resolver()
export class BackgroundJobChangesResolver {
  constructor(
    @Inject(BackgroundJobChanges) private readonly changes: BackgroundJobChanges,
    @Inject(BackgroundJobBulk) private readonly bulk: BackgroundJobBulk,
    @Inject(BackgroundJobList) private readonly jobs: BackgroundJobList,
  ) {}

  @Mutation(() => BackgroundJobModel, { nullable: true, description: 'Runs a job that failed, was cancelled or was put away again, from where it stopped.' })
  @RequirePermission(retryBackgroundJobs)
  retryBackgroundJob(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'retry' });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Does a step of a stopped workflow and all that began after it once more.' })
  @RequirePermission(retryBackgroundJobs)
  retryBackgroundJobFromStep(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string, @Args('step') step: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'retry-from-step', step });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Ends a job that has not ended, and those it waits for.' })
  @RequirePermission(changeBackgroundJobs)
  cancelBackgroundJob(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'cancel' });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Holds a job that has not ended.' })
  @RequirePermission(changeBackgroundJobs)
  pauseBackgroundJob(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'pause' });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Lets a paused job go on where it stopped.' })
  @RequirePermission(changeBackgroundJobs)
  resumeBackgroundJob(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'resume' });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Moves the start of a job that waits for it, at most a year ahead.' })
  @RequirePermission(changeBackgroundJobs)
  rescheduleBackgroundJob(
    @Caller() context: RequestContext,
    @Args('id', ID_ARGUMENT) id: string,
    @Args('at', { type: () => GraphQLISODateTime }) at: Date,
  ): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'reschedule', at });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Makes a job that waits for its start due at once.' })
  @RequirePermission(changeBackgroundJobs)
  runBackgroundJobNow(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'run-now' });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Puts a failed job away, so that it no longer asks for attention.' })
  @RequirePermission(changeBackgroundJobs)
  discardBackgroundJob(@Caller() context: RequestContext, @Args('id', ID_ARGUMENT) id: string, @Args('reason') reason: string): Promise<BackgroundJob> {
    return this.change(context, id, { action: 'discard', reason });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Retries what fits and exists now; only failed jobs where the filter names no state. The answer is the job that does it.' })
  @RequirePermission(retryBackgroundJobs)
  bulkRetryBackgroundJobs(@Caller() context: RequestContext, @Args('filter') filter: BackgroundJobFilter): Promise<BackgroundJob> {
    return this.begin(context, { action: 'retry', filter });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Puts the failed jobs that fit and exist now away. The answer is the job that does it.' })
  @RequirePermission(changeBackgroundJobs)
  bulkDiscardBackgroundJobs(@Caller() context: RequestContext, @Args('filter') filter: BackgroundJobFilter, @Args('reason') reason: string): Promise<BackgroundJob> {
    return this.begin(context, { action: 'discard', filter, reason });
  }

  @Mutation(() => BackgroundJobModel, { description: 'Cancels what fits, exists now and has not ended. The answer is the job that does it.' })
  @RequirePermission(changeBackgroundJobs)
  bulkCancelBackgroundJobs(@Caller() context: RequestContext, @Args('filter') filter: BackgroundJobFilter): Promise<BackgroundJob> {
    return this.begin(context, { action: 'cancel', filter });
  }

  private async change(context: RequestContext, id: string, change: object): Promise<BackgroundJob> {
    await this.changes.apply(context, id, change);
    return this.jobs.get(context, id);
  }

  private async begin(context: RequestContext, bulk: object): Promise<BackgroundJob> {
    return this.jobs.get(context, await this.bulk.start(context, bulk));
  }
}

import { Inject } from '@nestjs/common';
import { Args, GraphQLISODateTime, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { JsonObject } from '../../common/json.js';
import { redact } from '../../common/redact.js';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import { GraphQLJson } from '../../protocols/graphql/json.scalar.js';
import { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { RequirePermission } from '../access-control/authorize.js';
import { BackgroundJobBulk } from './background-job-bulk.service.js';
import { BackgroundJobList, type BackgroundJobOrder } from './background-job-list.service.js';
import {
  BackgroundJobActionEnum, BackgroundJobConnection, BackgroundJobCount, BackgroundJobFilter, BackgroundJobModel, BackgroundJobOrderEnum, BackgroundJobQueue,
} from './background-job.model.js';
import { BackgroundJobStatistics, type QueueDepth } from './background-job-statistics.service.js';
import { BackgroundJobTypeStatisticsModel, StatisticsBucketEnum } from './background-job-statistics.model.js';
import type { BulkAction } from './background-jobs.jobs.js';
import { readBackgroundJobPayloads, readBackgroundJobs } from './background-jobs.permissions.js';

@Resolver(() => BackgroundJobModel)
export class BackgroundJobResolver {
  constructor(
    @Inject(BackgroundJobList) private readonly jobs: BackgroundJobList,
    @Inject(BackgroundJobBulk) private readonly bulk: BackgroundJobBulk,
    @Inject(BackgroundJobStatistics) private readonly statistics: BackgroundJobStatistics,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => BackgroundJobConnection, { name: 'backgroundJobs', description: 'The newest first unless told.' })
  @RequirePermission(readBackgroundJobs)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: BackgroundJobFilter,
    @Args('order', { type: () => BackgroundJobOrderEnum, defaultValue: 'NEWEST' }) order: BackgroundJobOrder = 'NEWEST',
  ): Promise<Connection<BackgroundJob>> {
    return this.jobs.list(context, filter ?? {}, order, page);
  }

  @Query(() => [BackgroundJobCount], { name: 'backgroundJobCounts' })
  @RequirePermission(readBackgroundJobs)
  counts(@Caller() context: RequestContext): Promise<BackgroundJobCount[]> {
    return this.jobs.counts(context);
  }

  @Query(() => BackgroundJobQueue, { name: 'backgroundJobQueue' })
  @RequirePermission(readBackgroundJobs)
  queue(@Caller() context: RequestContext): Promise<QueueDepth> {
    return this.statistics.depth(context);
  }

  @Query(() => [BackgroundJobTypeStatisticsModel], { name: 'backgroundJobStatistics', description: 'Of what ended since then; the last 24 hours unless told. At most 8 days by hour, 93 days by day. The busiest type first.' })
  @RequirePermission(readBackgroundJobs)
  figures(
    @Caller() context: RequestContext,
    @Args('since', { type: () => GraphQLISODateTime, nullable: true }) since?: Date,
    @Args('bucket', { type: () => StatisticsBucketEnum, defaultValue: 'HOUR' }) bucket?: string,
    @Args('type', { type: () => String, nullable: true }) type?: string,
  ): Promise<BackgroundJobTypeStatisticsModel[]> {
    return this.statistics.figures(context, { since, bucket, type });
  }

  @Query(() => Int, { name: 'backgroundJobMatches', description: 'How many jobs the action would change now.' })
  @RequirePermission(readBackgroundJobs)
  matches(
    @Caller() context: RequestContext,
    @Args('action', { type: () => BackgroundJobActionEnum }) action: BulkAction,
    @Args('filter', { nullable: true }) filter?: BackgroundJobFilter,
  ): Promise<number> {
    return this.bulk.matches(context, { action, filter });
  }

  @Query(() => BackgroundJobModel, { name: 'backgroundJob', nullable: true })
  @RequirePermission(readBackgroundJobs)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<BackgroundJob | null> {
    return this.loader.byId(context, BackgroundJob, id);
  }

  @ResolveField(() => GraphQLJson, { nullable: true, description: 'What the job was given to do, with secrets hidden; null without the right background-jobs.payload.' })
  payload(@Caller() context: RequestContext, @Parent() job: BackgroundJob): JsonObject | null {
    return context.can(readBackgroundJobPayloads) ? (redact(job.payload) as JsonObject) : null;
  }

  @ResolveField(() => GraphQLJson, { nullable: true, description: 'Secrets are hidden.' })
  result(@Parent() job: BackgroundJob): JsonObject | null {
    return redact(job.result) as JsonObject | null;
  }

  @ResolveField(() => BackgroundJobModel, { nullable: true, description: 'The workflow that waits for it.' })
  parent(@Caller() context: RequestContext, @Parent() job: BackgroundJob): Promise<BackgroundJob | null> {
    return this.loader.byId(context, BackgroundJob, job.parentId);
  }

  @ResolveField(() => BackgroundJobConnection, { description: 'The jobs that it waits or waited for, the oldest first.' })
  children(@Caller() context: RequestContext, @Parent() job: BackgroundJobModel, @Args() page: ConnectionArguments): Promise<Connection<BackgroundJob>> {
    return this.jobs.list(context, { parentId: job.id }, 'OLDEST', page);
  }
}

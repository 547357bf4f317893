import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../../protocols/graphql/connection.js';
import { RequirePermission } from '../../../platform/access-control/authorize.js';
import { readBackgroundJobs } from '../../../platform/background-jobs/background-jobs.permissions.js';
import { BackgroundJobModel } from '../../../platform/background-jobs/background-job.model.js';
import { UserAccount } from '../../../platform/identity/user-account.entity.js';
import { UserModel } from '../../../platform/identity/identity.model.js';
import { BackgroundJob } from '../../../serverless-jobs/entities/background-job.entity.js';
import { PipelineStage } from '../../pipelines/pipeline-stage.entity.js';
import { PipelineStageModel } from '../../pipelines/pipeline.model.js';
import { Candidate } from '../candidates/candidate.entity.js';
import { CandidateModel } from '../candidates/candidate.model.js';
import { JobOpening } from '../job-openings/job-opening.entity.js';
import { JobOpeningModel } from '../job-openings/job-opening.model.js';
import { Application } from './application.entity.js';
import { ApplicationConnection, ApplicationFilter, ApplicationModel, ApplicationSortEnum, StageEventModel, type ApplicationSort } from './application.model.js';
import { ApplicationEntry } from './application-entry.service.js';
import { ApplicationService } from './application.service.js';
import { createApplications, moveApplications, readApplications, rejectApplications } from './applications.permissions.js';
import { StageEvent } from './stage-event.entity.js';

@Resolver(() => ApplicationModel)
export class ApplicationResolver {
  constructor(
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(ApplicationEntry) private readonly entry: ApplicationEntry,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => ApplicationConnection, { name: 'applications' })
  @RequirePermission(readApplications)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: ApplicationFilter,
    @Args('sort', { type: () => ApplicationSortEnum, defaultValue: 'NEWEST' }) sort: ApplicationSort = 'NEWEST',
  ): Promise<Connection<Application>> {
    return this.applications.list(context, filter ?? {}, sort, page);
  }

  @Query(() => ApplicationModel, { name: 'application', nullable: true })
  @RequirePermission(readApplications)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Application | null> {
    return this.loader.byId(context, Application, id);
  }

  @Mutation(() => ApplicationModel, { description: 'Considers a known candidate for a job, in the first stage of its pipeline; the newest resume is scored.' })
  @RequirePermission(createApplications)
  createApplication(
    @Caller() context: RequestContext,
    @Args('candidateId', { type: () => ID }) candidateId: string,
    @Args('jobOpeningId', { type: () => ID }) jobOpeningId: string,
  ): Promise<Application> {
    return this.entry.create(context, candidateId, jobOpeningId);
  }

  @Mutation(() => ApplicationModel)
  @RequirePermission(moveApplications)
  moveApplication(
    @Caller() context: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('stageId', { type: () => ID }) stageId: string,
  ): Promise<Application> {
    return this.applications.move(context, id, stageId);
  }

  @Mutation(() => ApplicationModel)
  @RequirePermission(rejectApplications)
  rejectApplication(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string, @Args('reason') reason: string): Promise<Application> {
    return this.applications.reject(context, id, reason);
  }

  @Mutation(() => ApplicationModel, { description: 'Takes a rejection back.' })
  @RequirePermission(rejectApplications)
  restoreApplication(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Application> {
    return this.applications.restore(context, id);
  }

  @ResolveField(() => CandidateModel)
  candidate(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<Candidate | null> {
    return this.loader.byId(context, Candidate, application.candidateId);
  }

  @ResolveField(() => JobOpeningModel)
  jobOpening(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<JobOpening | null> {
    return this.loader.byId(context, JobOpening, application.jobOpeningId);
  }

  @ResolveField(() => PipelineStageModel)
  stage(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<PipelineStage | null> {
    return this.loader.byId(context, PipelineStage, application.pipelineStageId);
  }

  @ResolveField(() => [StageEventModel], { description: 'The oldest first.' })
  async stageEvents(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<StageEvent[]> {
    const events = await this.loader.manyBy(context, StageEvent, 'applicationId', application.id);
    return events.sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  @ResolveField(() => BackgroundJobModel, { nullable: true, description: 'The analysis of the resume; null without the right background-jobs.read.' })
  async analysis(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<BackgroundJob | null> {
    return context.can(readBackgroundJobs) ? this.loader.byId(context, BackgroundJob, application.analysisJobId) : null;
  }
}

@Resolver(() => CandidateModel)
export class CandidateApplicationsResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => [ApplicationModel], { description: 'The newest first.' })
  async applications(@Caller() context: RequestContext, @Parent() candidate: CandidateModel): Promise<Application[]> {
    if (!context.can(readApplications)) return [];
    const applications = await this.loader.manyBy(context, Application, 'candidateId', candidate.id);
    return applications.sort((a, b) => b.appliedAt.getTime() - a.appliedAt.getTime());
  }
}

@Resolver(() => StageEventModel)
export class StageEventResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => PipelineStageModel, { nullable: true })
  from(@Caller() context: RequestContext, @Parent() event: StageEventModel): Promise<PipelineStage | null> {
    return this.loader.byId(context, PipelineStage, event.fromStageId);
  }

  @ResolveField(() => PipelineStageModel)
  to(@Caller() context: RequestContext, @Parent() event: StageEventModel): Promise<PipelineStage | null> {
    return this.loader.byId(context, PipelineStage, event.toStageId);
  }

  @ResolveField(() => UserModel, { nullable: true })
  async user(@Caller() context: RequestContext, @Parent() event: StageEventModel): Promise<UserAccount | null> {
    return event.actorType === 'user' ? this.loader.byId(context, UserAccount, event.actorId) : null;
  }
}

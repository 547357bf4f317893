import { Inject } from '@nestjs/common';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, toConnection, type Connection } from '../../protocols/graphql/connection.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { BackgroundJobHistory, type AttemptShown, type LogLineShown, type StepShown } from './background-job-history.service.js';
import { JobAttemptModel, JobLogLineConnection, JobTimelineEntryModel, WorkflowStepModel } from './background-job-history.model.js';
import { BackgroundJobModel } from './background-job.model.js';
import { timelineOf, type TimelineEntry } from './job-timeline.js';

@Resolver(() => BackgroundJobModel)
export class BackgroundJobHistoryResolver {
  constructor(@Inject(BackgroundJobHistory) private readonly history: BackgroundJobHistory) {}

  @ResolveField(() => [JobAttemptModel], { description: 'The last 200 that have ended, the oldest of them first.' })
  attemptLog(@Caller() context: RequestContext, @Parent() job: BackgroundJobModel): Promise<AttemptShown[]> {
    return this.history.attempts(context, job.id);
  }

  @ResolveField(() => [WorkflowStepModel], { description: 'The last 200 steps of a workflow, in order.' })
  steps(@Caller() context: RequestContext, @Parent() job: BackgroundJobModel): Promise<StepShown[]> {
    return this.history.steps(context, job.id);
  }

  @ResolveField(() => [JobTimelineEntryModel], { description: 'Creation, waits, attempts, steps and the end, in order.' })
  async timeline(@Caller() context: RequestContext, @Parent() job: BackgroundJob): Promise<TimelineEntry[]> {
    const [attempts, steps] = await Promise.all([this.history.attempts(context, job.id), this.history.steps(context, job.id)]);
    return timelineOf(job, attempts, steps);
  }

  @ResolveField(() => JobLogLineConnection, { description: 'What the attempts wrote, the newest first.' })
  async logs(@Caller() context: RequestContext, @Parent() job: BackgroundJobModel, @Args() page: ConnectionArguments): Promise<Connection<LogLineShown>> {
    return toConnection(await this.history.logs(context, job.id, page), () => this.history.logCount(context, job.id));
  }
}

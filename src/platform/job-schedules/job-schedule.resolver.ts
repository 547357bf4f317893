import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission } from '../access-control/authorize.js';
import { JobScheduleModel } from './job-schedule.model.js';
import { manageSchedules, readSchedules } from './job-schedules.permissions.js';
import { JobSchedules } from './job-schedules.service.js';

@Resolver(() => JobScheduleModel)
export class JobScheduleResolver {
  constructor(@Inject(JobSchedules) private readonly schedules: JobSchedules) {}

  @Query(() => [JobScheduleModel], { name: 'jobSchedules', description: 'By name.' })
  @RequirePermission(readSchedules)
  list(@Caller() context: RequestContext): Promise<JobScheduleModel[]> {
    return this.schedules.list(context);
  }

  @Mutation(() => JobScheduleModel, { description: 'Begins nothing more until it is resumed.' })
  @RequirePermission(manageSchedules)
  pauseSchedule(@Caller() context: RequestContext, @Args('name') name: string): Promise<JobScheduleModel> {
    return this.schedules.change(context, 'pause', name);
  }

  @Mutation(() => JobScheduleModel, { description: 'Goes on with the next time; what was paused is not made up for.' })
  @RequirePermission(manageSchedules)
  resumeSchedule(@Caller() context: RequestContext, @Args('name') name: string): Promise<JobScheduleModel> {
    return this.schedules.change(context, 'resume', name);
  }

  @Mutation(() => JobScheduleModel, { description: 'Begins the job once more now, beside its times.' })
  @RequirePermission(manageSchedules)
  runScheduleNow(@Caller() context: RequestContext, @Args('name') name: string): Promise<JobScheduleModel> {
    return this.schedules.change(context, 'runNow', name);
  }
}

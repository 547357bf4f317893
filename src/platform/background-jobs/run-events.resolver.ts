import { Inject } from '@nestjs/common';
import { Args, ID, Int, Query, Resolver } from '@nestjs/graphql';
import { invalidInput } from '../../common/errors.js';
import { pageSize } from '../../common/pagination.js';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RunEventLog } from '../../serverless-jobs/run-events/run-event-log.service.js';
import { RequirePermission } from '../access-control/authorize.js';
import { readBackgroundJobs } from './background-jobs.permissions.js';
import { RunEventPageModel } from './run-event.model.js';

@Resolver(() => RunEventPageModel)
export class RunEventsResolver {
  constructor(@Inject(RunEventLog) private readonly log: RunEventLog) {}

  @Query(() => RunEventPageModel, { name: 'runEvents', description: 'The events of a background job after a number, for those who cannot read the stream GET /api/events.' })
  @RequirePermission(readBackgroundJobs)
  async events(
    @Caller() context: RequestContext,
    @Args('runId', { type: () => ID }) runId: string,
    @Args('after', { type: () => Int, defaultValue: 0, description: 'Number of the last event that is known; 0 for none.' }) after: number,
    @Args('first', { type: () => Int, nullable: true, description: '1 to 200; 50 unless told.' }) first?: number,
  ): Promise<RunEventPageModel> {
    if (after < 0) throw invalidInput('"after" must not be negative.', 'after');
    const page = await this.log.read(context, runId, after, pageSize(first));
    return { ...page, events: page.events.map((event) => ({ ...event, at: new Date(event.at) })) };
  }
}

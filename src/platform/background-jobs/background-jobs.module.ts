import { Module } from '@nestjs/common';
import { BackgroundJobsController } from './background-jobs.controller.js';
import { BackgroundJobBulk } from './background-job-bulk.service.js';
import { BackgroundJobChanges } from './background-job-changes.service.js';
import { BackgroundJobChangesResolver } from './background-job-changes.resolver.js';
import { BackgroundJobHistory } from './background-job-history.service.js';
import { BackgroundJobHistoryResolver } from './background-job-history.resolver.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { BackgroundJobResolver } from './background-job.resolver.js';
import { BackgroundJobStatistics } from './background-job-statistics.service.js';
import { BackgroundJobsDoor } from './background-jobs.door.js';
import { ChangeBackgroundJobs } from './change-background-jobs.js';
import { RunEventsDoor } from './run-events.door.js';
import { RunEventsResolver } from './run-events.resolver.js';
import { BackgroundJobsTools } from './background-jobs.tools.js';

@Module({
  providers: [
    BackgroundJobsController, BackgroundJobsTools,
    BackgroundJobList, BackgroundJobHistory, BackgroundJobStatistics, BackgroundJobChanges, BackgroundJobBulk, ChangeBackgroundJobs,
    BackgroundJobResolver, BackgroundJobHistoryResolver, BackgroundJobChangesResolver, BackgroundJobsDoor, RunEventsDoor, RunEventsResolver,
  ],
})
export class BackgroundJobsModule {}

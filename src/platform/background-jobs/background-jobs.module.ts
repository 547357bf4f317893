import { Module } from '@nestjs/common';
import { BackgroundJobList } from './background-job-list.service.js';
import { BackgroundJobResolver } from './background-job.resolver.js';

@Module({ providers: [BackgroundJobList, BackgroundJobResolver] })
export class BackgroundJobsModule {}

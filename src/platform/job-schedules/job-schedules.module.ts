import { Module } from '@nestjs/common';
import { JobScheduleResolver } from './job-schedule.resolver.js';
import { JobSchedules } from './job-schedules.service.js';

@Module({ providers: [JobSchedules, JobScheduleResolver] })
export class JobSchedulesModule {}

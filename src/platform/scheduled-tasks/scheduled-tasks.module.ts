import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ProcessPendingTask } from './process-pending.task.js';
import { ScheduledJobDoor } from './scheduled-job.door.js';
import { ScheduledTaskRegistry } from './scheduled-task.registry.js';

@Module({ imports: [DiscoveryModule], providers: [ScheduledTaskRegistry, ScheduledJobDoor, ProcessPendingTask] })
export class ScheduledTasksModule {}

import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ProcessPendingTask } from './process-pending.task.js';
import { ScheduledJobDoor } from './scheduled-job.door.js';
import { ScheduledTaskRegistry } from './scheduled-task.registry.js';
import { SweepWatch } from './sweep-watch.js';
import { AlertsModule } from '../alerts/alerts.module.js';
import { BackupsModule } from '../backups/backups.module.js';

@Module({ imports: [DiscoveryModule, AlertsModule, BackupsModule], providers: [ScheduledTaskRegistry, ScheduledJobDoor, ProcessPendingTask, SweepWatch], exports: [ScheduledTaskRegistry] })
export class ScheduledTasksModule {}

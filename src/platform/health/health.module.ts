import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { ScheduledTasksModule } from '../scheduled-tasks/scheduled-tasks.module.js';
import { HealthDoor } from './health.door.js';
import { HealthService } from './health.service.js';
import { MetricsService } from './metrics.service.js';
import { NeighbourChecks } from './neighbour-checks.service.js';
import { QueueProbe } from './queue-probe.service.js';
import { SystemStateResolver } from './system-state.resolver.js';
import { WorkChecks } from './work-checks.service.js';

@Module({ imports: [AlertsModule, BackupsModule, ScheduledTasksModule], providers: [HealthDoor, HealthService, MetricsService, NeighbourChecks, WorkChecks, QueueProbe, SystemStateResolver] })
export class HealthModule {}

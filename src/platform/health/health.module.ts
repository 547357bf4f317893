import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { HealthDoor } from './health.door.js';
import { QueueProbe } from './queue-probe.service.js';

@Module({ imports: [AlertsModule, BackupsModule], providers: [HealthDoor, QueueProbe] })
export class HealthModule {}

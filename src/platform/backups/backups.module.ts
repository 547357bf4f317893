import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { BackupDatabase } from './backup-database.handler.js';
import { BackupSetup } from './backup-setup.service.js';
import { BackupStatus } from './backup-status.service.js';
import { BackupTask } from './backup.task.js';

/** The daily backup of the whole installation. */
@Module({ imports: [AlertsModule], providers: [BackupSetup, BackupStatus, BackupDatabase, BackupTask], exports: [BackupStatus] })
export class BackupsModule {}

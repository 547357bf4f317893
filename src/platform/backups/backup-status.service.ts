import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { messageOf } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { AlertWebhook } from '../alerts/alert-webhook.service.js';
import { BackupSetup } from './backup-setup.service.js';

/** Hours after which the last good backup is too old: a day, and half a day to make the next one. */
export const LATE_BACKUP_HOURS = 36;
const WEBHOOK_LIMIT_MS = 3_000;

const NOTE = `INSERT INTO system_heartbeat (name, at, counts) VALUES ('backup', $1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at, counts = excluded.counts`;
/** Before the first backup the age of the oldest workspace counts. */
const AGE = `SELECT b.at, (extract(epoch FROM clock_timestamp() - coalesce(b.at, (SELECT min(created_at) FROM workspace))) / 3600)::float8 AS hours
FROM (SELECT 1) one LEFT JOIN system_heartbeat b ON b.name = 'backup'`;
/** One caller in twelve hours gets the row. */
const CLAIM = `INSERT INTO system_heartbeat AS h (name, at) VALUES ('late backup alert', now())
ON CONFLICT (name) DO UPDATE SET at = now() WHERE h.at < now() - interval '12 hours' RETURNING name`;

/** Notes a backup that has been read back, and as of when it is. */
export async function noteBackup(manager: EntityManager, at: Date, facts: JsonObject): Promise<void> {
  await manager.query(NOTE, [at, JSON.stringify(facts)]);
}

export interface BackupAge {
  /** Null before the first one. */
  readonly at: Date | null;
  /** Since the last good backup, or since the first workspace was made; null where there is none. */
  readonly hours: number | null;
}

/** Tells how old the last good backup is, and raises the alarm when it is too old. */
@Injectable()
export class BackupStatus {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(BackupSetup) private readonly setup: BackupSetup,
    @Inject(AlertWebhook) private readonly webhook: AlertWebhook,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Why there are no daily backups; null where there are. */
  get missing(): string | null {
    return this.setup.missing;
  }

  async age(): Promise<BackupAge> {
    const [row] = await this.database.read(systemContext(null), (manager) => manager.query<BackupAge[]>(AGE), { allWorkspaces: true });
    return row!;
  }

  /** Raises the alarm where daily backups are set up and the last good one is older than 36 hours. */
  async raiseWhenLate(): Promise<void> {
    if (this.missing !== null) return;
    const { hours } = await this.age();
    if (hours === null || hours <= LATE_BACKUP_HOURS) return;
    const claimed = await this.database.write(systemContext(null), (manager) => manager.query<unknown[]>(CLAIM));
    if (claimed.length === 0) return;
    const text = `There has been no good backup for ${Math.round(hours)} hours.`;
    this.logger.error(text, new Error('BACKUP_LATE'), { alert: 'late_backup', hours: Math.round(hours) });
    await this.webhook.post({ kind: 'late_backup', text, hours: Math.round(hours) }, WEBHOOK_LIMIT_MS).catch((error: unknown) => {
      this.logger.warn('the alert was not taken', { error: messageOf(error) });
    });
  }
}

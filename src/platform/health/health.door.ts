import { Inject, Injectable } from '@nestjs/common';
import { missingMigrations, schemaBehind } from '../../infrastructure/database/applied-migrations.js';
import { Database } from '../../infrastructure/database/database.js';
import { RedisConnection } from '../../infrastructure/redis/redis.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { LATE_SWEEP_SECONDS, SweepAlarm } from '../alerts/sweep-alarm.js';
import { BackupStatus, LATE_BACKUP_HOURS } from '../backups/backup-status.service.js';
import { QueueProbe } from './queue-probe.service.js';

interface Finding {
  readonly ok: boolean;
  readonly note?: string;
  readonly [fact: string]: string | number | boolean | null | undefined;
}

interface Check extends Finding {
  readonly name: string;
  readonly milliseconds: number;
}

/** Without these nothing works. A late queue or a lost Redis makes Perch slower, and taking it down would not help. */
const NEEDED: readonly string[] = ['database', 'schema', 'queue'];
const GOOD: Finding = { ok: true };

async function measure(name: string, work: () => Promise<Finding>): Promise<Check> {
  const started = performance.now();
  const finding = await work().catch((): Finding => ({ ok: false }));
  return { name, milliseconds: Math.round(performance.now() - started), ...finding };
}

/** GET /api/health/live: the process answers. GET /api/health/ready: what it needs answers too; 503 when it does not. */
@Injectable()
@HttpDoor('health')
export class HealthDoor implements Door {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RedisConnection) private readonly redis: RedisConnection,
    @Inject(QueueProbe) private readonly queue: QueueProbe,
    @Inject(SweepAlarm) private readonly sweepAlarm: SweepAlarm,
    @Inject(BackupStatus) private readonly backups: BackupStatus,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (subPath(request, 'health') === 'live') return jsonResponse(200, { status: 'live' });
    const checks = [
      await measure('database', () => this.database.dataSource.query('SELECT 1').then(() => GOOD)),
      await measure('schema', () => this.schema()),
      await measure('queue', () => this.queue.probe().then(() => GOOD)),
      await measure('jobs', () => this.jobs()),
      await measure('sweep', () => this.sweep()),
      await measure('redis', () => this.redisState()),
      await measure('backup', () => this.backup()),
    ];
    const ready = checks.every(({ ok, name }) => ok || !NEEDED.includes(name));
    const status = checks.every(({ ok }) => ok) ? 'ready' : ready ? 'degraded' : 'not ready';
    return jsonResponse(ready ? 200 : 503, { status, checks });
  }

  private async schema(): Promise<Finding> {
    const missing = await missingMigrations(this.database.dataSource);
    return missing === 0 ? GOOD : { ok: false, missing, note: schemaBehind(missing).publicMessage };
  }

  private async jobs(): Promise<Finding> {
    const { overdue, stuck, dead } = await this.queue.counts();
    return { ok: overdue === 0 && stuck === 0, overdue, stuck, dead, ...(dead > 0 ? { note: 'some jobs failed and wait for a person' } : {}) };
  }

  private async sweep(): Promise<Finding> {
    const age = await this.sweepAlarm.raiseWhenLate();
    if (age === null) return { ok: true, note: 'there is no workspace yet' };
    return { ok: age <= LATE_SWEEP_SECONDS, secondsAgo: Math.round(age) };
  }

  private async backup(): Promise<Finding> {
    const { missing } = this.backups;
    if (missing !== null) return { ok: true, note: `no daily backups: ${missing}` };
    const { at, hours } = await this.backups.age();
    const ok = hours === null || hours <= LATE_BACKUP_HOURS;
    return at === null ? { ok, note: 'there is no backup yet' } : { ok, at: at.toISOString(), hoursAgo: Math.round(hours!) };
  }

  private async redisState(): Promise<Finding> {
    const redis = await this.redis.find();
    if (!redis) return { ok: true, note: 'not configured' };
    await redis.ping();
    return GOOD;
  }
}

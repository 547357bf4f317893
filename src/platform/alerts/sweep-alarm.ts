import { Inject, Injectable } from '@nestjs/common';
import { messageOf } from '../../common/errors.js';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { AlertWebhook } from './alert-webhook.service.js';

/** Seconds after which a sweep that has not run is a fault. */
export const LATE_SWEEP_SECONDS = 600;
/** The queue may be what stands still, so this alert does not travel through it; the caller waits no longer than this. */
const WEBHOOK_LIMIT_MS = 3_000;

/** Before the first sweep the age of the oldest workspace counts: an installation that has never swept is found as well. */
const AGE = `
SELECT extract(epoch FROM clock_timestamp() - coalesce((SELECT at FROM system_heartbeat WHERE name = 'sweep'), (SELECT min(created_at) FROM workspace)))::float8 AS age`;

/** One caller an hour gets the row. */
const CLAIM_HOUR = `
INSERT INTO system_heartbeat AS h (name, at) VALUES ('late sweep alert', now())
ON CONFLICT (name) DO UPDATE SET at = now() WHERE h.at < now() - interval '1 hour' RETURNING name`;

/** Finds a sweep that no longer runs, and says so once an hour. */
@Injectable()
export class SweepAlarm {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AlertWebhook) private readonly webhook: AlertWebhook,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Seconds since the last sweep; null in an installation without a workspace. */
  async age(): Promise<number | null> {
    const [row] = await this.database.read(systemContext(null), (manager) => manager.query<{ age: number | null }[]>(AGE), { allWorkspaces: true });
    return row?.age ?? null;
  }

  /** Returns the age of the last sweep in seconds, after it raised the alarm where that is more than ten minutes. */
  async raiseWhenLate(): Promise<number | null> {
    const age = await this.age();
    if (age === null || age <= LATE_SWEEP_SECONDS) return age;
    const claimed = await this.database.write(systemContext(null), (manager) => manager.query<unknown[]>(CLAIM_HOUR));
    if (claimed.length === 0) return age;
    const text = `The sweep of background jobs has not run for ${Math.round(age / 60)} minutes.`;
    this.logger.error(text, new Error('SWEEP_LATE'), { alert: 'late_sweep', seconds: Math.round(age) });
    await this.webhook.post({ kind: 'late_sweep', text, seconds: Math.round(age) }, WEBHOOK_LIMIT_MS).catch((error: unknown) => {
      this.logger.warn('the alert was not taken', { error: messageOf(error) });
    });
    return age;
  }
}

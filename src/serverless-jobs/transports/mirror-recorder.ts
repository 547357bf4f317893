import { Inject, Injectable } from '@nestjs/common';
import { messageOf } from '../../common/errors.js';
import { systemContext } from '../../common/request-context.js';
import type { TransportName } from '../../config/job-transport.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import type { MirrorMark, WakeUp, WakeUpBody } from './transport.js';

const PUBLISHED = `
INSERT INTO job_delivery (transport, call_id, workspace_id, background_job_id, shadow, due_at, published_at)
SELECT $1, c.call_id, c.workspace_id, c.job_id, $2, greatest(c.due_at, now()), CASE WHEN c.accepted THEN now() END
FROM unnest($3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::boolean[]) AS c (call_id, workspace_id, job_id, due_at, accepted)
ON CONFLICT (transport, call_id) DO UPDATE SET due_at = excluded.due_at, published_at = coalesce(job_delivery.published_at, excluded.published_at)`;

const DELIVERED = `
INSERT INTO job_delivery (transport, call_id, workspace_id, background_job_id, shadow, delivered_at, deliveries) VALUES ($1, $2, $3, $4, $5, now(), 1)
ON CONFLICT (transport, call_id) DO UPDATE SET deliveries = job_delivery.deliveries + 1, delivered_at = coalesce(job_delivery.delivered_at, excluded.delivered_at)`;

const ownerOf = (body: WakeUpBody): readonly [string | null, string | null] => ('jobId' in body ? [body.workspaceId, body.jobId] : [null, null]);

/** Notes in mirror mode what each of the two transports did with a call. A failure to note is logged and changes nothing. */
@Injectable()
export class MirrorRecorder {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** `ids` are those that the transport gave, null for what it did not accept. */
  published(transport: TransportName, shadow: boolean, calls: readonly WakeUp[], ids: readonly (string | null)[]): Promise<void> {
    const owners = calls.map(({ body }) => ownerOf(body));
    return this.note(PUBLISHED, [
      transport, shadow, calls.map(({ id }) => id), owners.map(([workspace]) => workspace), owners.map(([, job]) => job),
      calls.map(({ runAt }) => runAt), ids.map((id) => id !== null),
    ]);
  }

  delivered(transport: TransportName, body: WakeUpBody, { call, shadow }: MirrorMark): Promise<void> {
    return this.note(DELIVERED, [transport, call, ...ownerOf(body), shadow]);
  }

  private async note(statement: string, values: readonly unknown[]): Promise<void> {
    try {
      await this.database.write(systemContext(null), (manager) => manager.query(statement, [...values]), { allWorkspaces: true });
    } catch (error) {
      this.logger.warn('a delivery could not be noted for the comparison', { error: messageOf(error) });
    }
  }
}

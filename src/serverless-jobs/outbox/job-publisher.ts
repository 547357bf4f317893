import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { plannedOnce } from '../../infrastructure/database/planned-statements.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { Transport, type WakeUp } from '../transports/transport.js';

/** Calls in one request to the transport. */
const BATCH = 100;
const MARK_PUBLISHED = plannedOnce(`
UPDATE background_job j SET published_at = now(), message_id = m.message_id
FROM unnest($1::uuid[], $2::int[], $3::text[]) AS m (id, wake, message_id)
WHERE j.id = m.id AND j.wake = m.wake AND j.id = ANY ($1)`);

/** Sends the wake-up calls of committed jobs and notes on the rows that they were sent. Never throws: the rows remain. */
@Injectable()
export class JobPublisher {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Transport) private readonly transport: Transport,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Sends the call once the surrounding write is committed, together with the others of that write. */
  afterCommit(call: WakeUp): void {
    this.database.collectUntilCommit<WakeUp>(this, call, async (calls) => void (await this.publish(calls)));
  }

  /** The number of calls that the transport accepted. */
  async publish(calls: readonly WakeUp[]): Promise<number> {
    let accepted = 0;
    for (let start = 0; start < calls.length; start += BATCH) {
      const batch = calls.slice(start, start + BATCH);
      try {
        const ids = await this.transport.publish(batch);
        const sent = batch.flatMap((call, index) => (ids[index] == null ? [] : [{ call, messageId: ids[index] }]));
        await this.markPublished(sent);
        accepted += sent.length;
      } catch (error) {
        this.logger.error('background jobs could not be published; the sweep will', error, { calls: batch.map((call) => call.id) });
      }
    }
    return accepted;
  }

  private async markPublished(sent: readonly { call: WakeUp; messageId: string }[]): Promise<void> {
    const rows = sent.flatMap(({ call: { body }, messageId }) => ('jobId' in body ? [{ ...body, messageId }] : []));
    if (rows.length === 0) return;
    await this.database.statement(systemContext(null), MARK_PUBLISHED, [rows.map((row) => row.jobId), rows.map((row) => row.wake), rows.map((row) => row.messageId)], { allWorkspaces: true });
  }
}

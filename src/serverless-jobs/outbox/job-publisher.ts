import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { Transport, type WakeUp } from '../transports/transport.js';

/** Longest time that a caller waits for the transport after its commit; the sweep sends what was not accepted by then. */
const PUBLISH_LIMIT_MS = 4_000;
/** Calls in one request to the transport. */
const BATCH = 100;

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
        const ids = await this.withinLimit(this.transport.publish(batch));
        await this.markPublished(batch, ids);
        accepted += batch.length;
      } catch (error) {
        this.logger.error('background jobs could not be published; the sweep will', error, { calls: batch.map((call) => call.id) });
      }
    }
    return accepted;
  }

  private async withinLimit<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`the transport did not answer within ${PUBLISH_LIMIT_MS} ms`)), PUBLISH_LIMIT_MS);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async markPublished(calls: readonly WakeUp[], messageIds: readonly string[]): Promise<void> {
    const rows = calls.flatMap(({ body }, index) => ('jobId' in body ? [{ ...body, messageId: messageIds[index] }] : []));
    if (rows.length === 0) return;
    await this.database.write(systemContext(null), (manager) => manager.query(
      `UPDATE background_job j SET published_at = now(), message_id = m.message_id
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS m (id, wake, message_id)
       WHERE j.id = m.id AND j.wake = m.wake`,
      [rows.map((row) => row.jobId), rows.map((row) => row.wake), rows.map((row) => row.messageId)],
    ), { allWorkspaces: true });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { DeliveryQueue } from './delivery-queue.service.js';
import { replayFailedDeliveries } from './webhooks.jobs.js';

const CHUNK = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

type Payload = z.output<typeof replayFailedDeliveries.payload>;

interface Position extends JsonObject {
  readonly after: string;
  readonly done: number;
  readonly total: number;
}

const COUNT = `
SELECT count(*)::int AS total FROM webhook_delivery WHERE workspace_id = $1 AND webhook_id = $2 AND state = 'failed' AND created_at >= $3 AND created_at < $4`;
const IS_ENABLED = `SELECT 1 FROM webhook WHERE workspace_id = $1 AND id = $2 AND state = 'enabled' FOR SHARE`;

/** Puts what has failed back into the queue, a chunk at a time; it ends early where the endpoint is turned off meanwhile. */
@Injectable()
@JobHandler(replayFailedDeliveries)
export class ReplayFailedDeliveries implements JobWork<typeof replayFailedDeliveries> {
  constructor(@Inject(DeliveryQueue) private readonly queue: DeliveryQueue) {}

  async handle(job: RunningJob, payload: Payload): Promise<void> {
    let position = (job.cursor as Position | null) ?? { after: FIRST, done: 0, total: await this.count(job, payload) };
    for (let more = true; more;) {
      const next = await this.chunk(job, payload, position);
      more = next !== null;
      position = next ?? position;
      if (more) job.yieldIfDue();
    }
    await job.complete(async () => ({ replayed: position.done }));
  }

  private async count(job: RunningJob, { webhookId, since, until }: Payload): Promise<number> {
    const [row] = await job.transaction((manager) => manager.query<{ total: number }[]>(COUNT, [job.context.workspace, webhookId, since, until]));
    return row!.total;
  }

  /** Where the next chunk begins; null where there is none. */
  private async chunk(job: RunningJob, payload: Payload, { after, done, total }: Position): Promise<Position | null> {
    let ids: readonly string[] = [];
    await job.advance(() => {
      const reached = done + ids.length;
      return { cursor: { after: ids.at(-1) ?? after, done: reached, total }, done: reached, total: Math.max(total, reached), message: `${reached} of ${total} deliveries are on their way again.` };
    }, async (manager) => {
      ids = await this.next(job, manager, payload, after);
    });
    return ids.length === 0 ? null : { after: ids.at(-1)!, done: done + ids.length, total };
  }

  private async next(job: RunningJob, manager: EntityManager, { webhookId, since, until }: Payload, after: string): Promise<string[]> {
    const enabled = await manager.query<unknown[]>(IS_ENABLED, [job.context.workspace, webhookId]);
    if (enabled.length === 0) return [];
    return this.queue.replayFailed(job.context, manager, { webhookId, since: new Date(since), until: new Date(until), after, limit: CHUNK });
  }
}

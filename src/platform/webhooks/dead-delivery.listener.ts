import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { OnDeadLetter, type DeadLetter, type DeadLetterListener } from '../../serverless-jobs/dead-letters/dead-letter.js';
import { deliverWebhook } from './webhooks.jobs.js';

const GIVE_UP = `
UPDATE webhook_delivery d SET state = 'failed', next_attempt_at = NULL, ended_at = $3 FROM background_job b
WHERE b.workspace_id = $1 AND b.id = $2 AND d.workspace_id = $1 AND d.id = (b.payload ->> 'deliveryId')::uuid AND d.round = (b.payload ->> 'round')::int AND d.state = 'pending'`;

/** A delivery whose job has failed for good, for a reason of ours, does not seem to be on its way for ever. */
@Injectable()
@OnDeadLetter(true)
export class DeadDelivery implements DeadLetterListener {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async on(context: RequestContext, { jobId, type }: DeadLetter): Promise<void> {
    if (type !== deliverWebhook.name) return;
    await this.database.write(context, (manager) => manager.query(GIVE_UP, [context.workspace, jobId, this.clock.now()]));
  }
}

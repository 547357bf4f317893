import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalidInput } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { WAKING_COLUMNS, wakeUpOf, type WakingJob } from '../outbox/wake-up.js';
import { EVENT_NAME, lockEvent } from './event-wait.js';

const PAYLOAD_LIMIT_BYTES = 32_768;

/** Rows are locked from the newest to the oldest, so that two senders cannot wait for each other, nor for a child that tells its older parent. */
const WAKE_MATCHING = `
WITH matching AS (
  SELECT j.id FROM background_job j WHERE j.workspace_id = $1 AND j.state = 'waiting' AND EXISTS (
    SELECT 1 FROM workflow_step s WHERE s.workspace_id = $1 AND s.background_job_id = j.id AND s.event_name = $2 AND s.state = 'waiting' AND $3::jsonb @> coalesce(s.match, '{}'))
  ORDER BY j.id DESC FOR UPDATE)
UPDATE background_job SET state = 'queued', run_at = now(), wake = wake + 1, published_at = NULL
FROM matching m WHERE background_job.id = m.id RETURNING ${WAKING_COLUMNS.replace('id,', 'background_job.id,')}`;

/** Tells workflows what has happened. */
@Injectable()
export class WorkflowEvents {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
  ) {}

  /**
   * Stores the event in the caller's transaction, for runs of this workspace that wait for it now or later, and wakes those
   * that are suspended. A run that is not suspended finds it by itself: it cannot suspend before this transaction has ended,
   * because it takes the same lock. Throws INVALID_INPUT for a name or payload that cannot be stored.
   */
  async send(context: RequestContext, name: string, payload: JsonObject): Promise<void> {
    if (!EVENT_NAME.test(name)) throw invalidInput('The name of an event has 1 to 100 letters, digits, dots, dashes or underscores.', 'name');
    const text = JSON.stringify(payload);
    if (Buffer.byteLength(text) > PAYLOAD_LIMIT_BYTES) throw invalidInput('An event carries ids, not records: its payload is too large.', 'payload');
    if (text.includes('\\u0000')) throw new DomainError('INVALID_INPUT', 'The payload of the event contains a character that cannot be stored.', 400);
    await this.database.write(context, async (manager) => {
      await lockEvent(manager, context.workspace, name);
      await manager.query('INSERT INTO workflow_event (id, workspace_id, name, payload) VALUES ($1, $2, $3, $4)', [newId(), context.workspace, name, text]);
      const [woken] = await manager.query<[WakingJob[], number]>(WAKE_MATCHING, [context.workspace, name, text]);
      for (const job of woken) this.publisher.afterCommit(wakeUpOf(job));
    });
  }
}

import type { Context } from './context.js';
import { ContractError } from './contract-error.js';
import { transaction } from './database.js';
import { completeSettings } from './delivery-settings.js';
import { insertMessages } from './message-insert.js';
import { messagesFor, resolveDestination, type Destination } from './publishing.js';
import { nextTime, type ScheduleRow } from './schedules.js';

type DueRow = ScheduleRow & { readonly now: Date };

/** Null where the destination was deleted or is not allowed any more; the schedule goes on and waits for it. */
async function destinationOf(context: Context, row: ScheduleRow): Promise<Destination | null> {
  try {
    return await resolveDestination(context, row.destination);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    process.stderr.write(`qstash-server: schedule ${row.id}: ${error.message}\n`);
    return null;
  }
}

/** Publishes a message for each schedule whose time has come; several processes share them. Missed times are one message. */
export async function publishDueSchedules(context: Context): Promise<void> {
  await transaction(context.pool, async (client) => {
    const { rows } = await client.query<DueRow>(
      'SELECT *, now() AS now FROM qstash.schedule WHERE NOT paused AND next_at <= now() ORDER BY next_at LIMIT 100 FOR UPDATE SKIP LOCKED');
    for (const row of rows) {
      const destination = await destinationOf(context, row);
      const { delayMs = 0, ...settings } = row.settings;
      const messages = destination === null ? [] : messagesFor(destination, row.body, completeSettings(settings), { delayMs, notBefore: null, deduplicationId: null },
        { callerIp: row.caller_ip, queueName: row.queue_name, scheduleId: row.id });
      const published = await insertMessages(client, messages, context.deduplicationSeconds);
      await client.query('UPDATE qstash.schedule SET last_at = now(), next_at = $2, last_message_ids = $3 WHERE id = $1',
        [row.id, nextTime(row.cron, row.now), published.map(({ messageId }) => messageId)]);
    }
  });
}

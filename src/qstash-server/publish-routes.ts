import type { Call, Reply, Route } from './call.js';
import { decoded, jsonBody } from './call.js';
import { ContractError } from './contract-error.js';
import { readDeliverySettings, readPublishSettings } from './delivery-settings.js';
import { preparePublish, publishPrepared, resolveDestination, type Prepared } from './publishing.js';
import { checkQueueName } from './queues.js';
import { saveSchedule } from './schedules.js';

const MAX_BATCH = 10_000;
const MESSAGE_LIMIT = 10_485_760;

function checkSize(body: Buffer): Buffer {
  if (body.length > MESSAGE_LIMIT) throw new ContractError(413, `a message may have at most ${MESSAGE_LIMIT} bytes`);
  return body;
}

async function createSchedule(call: Call, destination: string, queueName: string | null): Promise<{ scheduleId: string }> {
  const { context, headers, body, callerIp } = call;
  const cron = headers.get('upstash-cron');
  if (!cron) throw new ContractError(400, 'Upstash-Cron is missing');
  const { name } = await resolveDestination(context, destination);
  const settings = readDeliverySettings(headers, (url) => context.destinations.check(url));
  const { delayMs } = readPublishSettings(headers, destination, body, settings.headers);
  const queue = queueName ?? headers.get('upstash-queue-name') ?? null;
  const schedule = await saveSchedule(context.pool, {
    id: headers.get('upstash-schedule-id') ?? null, cron, destination: name, body: checkSize(body), queueName: queue === null ? null : checkQueueName(queue), callerIp, delayMs, settings,
  });
  context.wake();
  return schedule;
}

async function publish(call: Call, destination: string, queueName: string | null): Promise<Reply> {
  if (call.headers.has('upstash-cron')) return { status: 201, body: await createSchedule(call, destination, queueName) };
  const prepared = await preparePublish(call.context, { destination, headers: call.headers, body: checkSize(call.body), queueName, callerIp: call.callerIp });
  const [answer] = await publishPrepared(call.context, [prepared]);
  return { status: !Array.isArray(answer) && 'deduplicated' in answer! ? 202 : 201, body: answer };
}

interface BatchItem {
  readonly destination?: unknown;
  readonly headers?: Record<string, unknown>;
  readonly body?: unknown;
  readonly queue?: unknown;
}

async function prepareItem(call: Call, item: BatchItem | null): Promise<Prepared | { error: string }> {
  try {
    const { destination, headers, body, queue } = item ?? {};
    return await preparePublish(call.context, {
      destination: String(destination ?? ''), headers: new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)])),
      body: checkSize(Buffer.from(body === undefined || body === null ? '' : String(body))), queueName: typeof queue === 'string' && queue !== '' ? queue : null, callerIp: call.callerIp,
    });
  } catch (error) {
    if (error instanceof ContractError) return { error: error.message };
    throw error;
  }
}

async function publishBatch(call: Call): Promise<Reply> {
  const items = jsonBody(call);
  if (!Array.isArray(items) || items.length > MAX_BATCH) throw new ContractError(400, `the body must be a JSON array of at most ${MAX_BATCH} messages`);
  const prepared: (Prepared | { error: string })[] = [];
  for (const item of items as BatchItem[]) prepared.push(await prepareItem(call, item));
  const answers = await publishPrepared(call.context, prepared.filter((each): each is Prepared => !('error' in each)));
  let at = 0;
  return { status: 200, body: prepared.map((each) => ('error' in each ? each : answers[at++])) };
}

/** What makes messages. The rest of the path is raw text. */
export const PUBLISH_ROUTES: readonly Route[] = [
  ['POST', /^(?:publish|enqueue\/[^/]+|schedules)\/?$/i, () => Promise.reject(new ContractError(400, 'a non-empty destination must be provided'))],
  ['POST', /^publish\/(.+)$/is, (call) => publish(call, call.part(1), null)],
  ['POST', /^enqueue\/([^/]+)\/(.+)$/is, (call) => publish(call, call.part(2), decoded(call.part(1)))],
  ['POST', /^batch$/i, publishBatch],
  ['POST', /^schedules\/(.+)$/is, async (call) => ({ status: 201, body: await createSchedule(call, call.part(1), null) })],
];

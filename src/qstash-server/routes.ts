import type pg from 'pg';
import { ContractError } from './contract-error.js';
import { deleteDeadLetters, getDeadLetter, listDeadLetters, retryDeadLetters } from './dead-letters.js';
import { readSettings } from './delivery-settings.js';
import { checkDestination } from './destination.js';
import { cancelMessages, deadLetterView, getMessage, inTransaction, insertMessage, messageView, type NewMessage } from './message-store.js';
import { deleteQueue, listQueues, saveQueue, setQueuePaused } from './queues.js';
import { deleteSchedule, getSchedule, listSchedules, saveSchedule, setPaused } from './schedules.js';
import { readKeys, rotateKeys } from './signature.js';

export interface Call {
  readonly pool: pg.Pool;
  readonly allowedOrigins: readonly string[];
  readonly headers: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

type Route = readonly [method: string, pattern: RegExp, handle: (call: Call, part: (index: number) => string) => Promise<Reply>];

function toMessage(call: Call, destination: string, headers: ReadonlyMap<string, string>, body: Buffer, queueName: string | null): NewMessage {
  const url = checkDestination(destination, call.allowedOrigins);
  return { url, body, queueName, settings: readSettings(headers, url, body) };
}

async function publish(call: Call, destination: string, queueName: string | null): Promise<Reply> {
  const message = toMessage(call, destination, call.headers, call.body, queueName);
  const published = await inTransaction(call.pool, (client) => insertMessage(client, message));
  return { status: published.deduplicated ? 202 : 201, body: { ...published, url: message.url } };
}

interface BatchItem {
  readonly destination?: unknown;
  readonly headers?: Record<string, unknown>;
  readonly body?: unknown;
  readonly queue?: unknown;
}

function jsonBody(call: Call): unknown {
  try {
    return JSON.parse(call.body.toString('utf8'));
  } catch {
    throw new ContractError(400, 'the body is not JSON');
  }
}

async function publishBatch(call: Call): Promise<Reply> {
  const items = jsonBody(call);
  if (!Array.isArray(items)) throw new ContractError(400, 'the body must be a JSON array');
  const answers = await inTransaction(call.pool, async (client) => {
    const results: object[] = [];
    for (const item of items as BatchItem[]) {
      try {
        const headers = new Map(Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
        const message = toMessage(call, String(item.destination ?? ''), headers, Buffer.from(String(item.body ?? '')), typeof item.queue === 'string' ? item.queue : null);
        results.push({ ...(await insertMessage(client, message)), url: message.url });
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        results.push({ error: error.message });
      }
    }
    return results;
  });
  return { status: 200, body: answers };
}

/**
 * Ids of a bulk call, from the query or a JSON body, as clients in the wild send both. Null means all of them. A filter that
 * is not known is refused: ignoring it would reach more than was meant.
 */
function bulkIds(call: Call, name: string): string[] | null {
  const unknown = [...call.query.keys()].find((key) => key !== name && key !== 'count' && key !== 'qstash_token');
  if (unknown) throw new ContractError(400, `the filter "${unknown}" is not known`);
  const fromQuery = call.query.getAll(name).flatMap((value) => value.split(',')).filter((value) => value !== '');
  if (call.body.length === 0) return call.query.has(name) ? fromQuery : null;
  const body = jsonBody(call) as Record<string, unknown> | null;
  const listed = body?.[name];
  if (!Array.isArray(listed)) throw new ContractError(400, `the body must be {"${name}": [...]}`);
  return [...fromQuery, ...listed.map(String)];
}

async function saveScheduleOf(call: Call, destination: string): Promise<Reply> {
  const cron = call.headers.get('upstash-cron');
  if (!cron) throw new ContractError(400, 'Upstash-Cron is missing');
  const id = call.headers.get('upstash-schedule-id') ?? null;
  if (id !== null && !/^[\w.:-]{1,200}$/.test(id)) throw new ContractError(400, 'Upstash-Schedule-Id may hold letters, digits and . : - _ only');
  const { url, settings } = toMessage(call, destination, call.headers, call.body, null);
  return { status: 201, body: await saveSchedule(call.pool, { id, cron, url, body: call.body, queueName: call.headers.get('upstash-queue-name') ?? null, settings }) };
}

async function deadLetters(call: Call): Promise<Reply> {
  const known = ['cursor', 'count', 'messageId', 'qstash_token'];
  const unknown = [...call.query.keys()].find((key) => !known.includes(key));
  if (unknown) throw new ContractError(400, `the filter "${unknown}" is not known`);
  const cursor = call.query.get('cursor');
  if (cursor && !/^\d{1,18}$/.test(cursor)) throw new ContractError(400, 'the cursor is not one of this list');
  const count = Number(call.query.get('count') ?? 100);
  const page = await listDeadLetters(call.pool, cursor || null, Number.isInteger(count) && count > 0 ? count : 100, call.query.get('messageId'));
  return { status: 200, body: { messages: page.rows.map(deadLetterView), ...(page.cursor === null ? {} : { cursor: page.cursor }) } };
}

async function retryBulk(call: Call, ids: string[] | null): Promise<Reply> {
  return { status: 201, body: { cursor: '', responses: await retryDeadLetters(call.pool, ids) } };
}

async function retryOne(call: Call, id: string): Promise<Reply> {
  const [published] = await retryDeadLetters(call.pool, [id]);
  if (!published) throw new ContractError(404, `dlq message ${id} not found`);
  return { status: 201, body: published };
}

async function cancelOne(call: Call, id: string): Promise<Reply> {
  const cancelled = await cancelMessages(call.pool, [id]);
  if (cancelled === 0) throw new ContractError(404, `message ${id} not found`);
  return { status: 202, body: { cancelled } };
}

const ok = (work: Promise<unknown>): Promise<Reply> => work.then((body) => ({ status: 200, ...(body === undefined ? {} : { body }) }));

/** The contract, in the order of the reference: what is after /v2/publish/ is raw text and never normalised. */
const ROUTES: readonly Route[] = [
  ['POST', /^publish\/(.+)$/s, (call, part) => publish(call, part(1), null)],
  ['POST', /^enqueue\/([^/]+)\/(.+)$/s, (call, part) => publish(call, part(2), part(1))],
  ['POST', /^batch$/, publishBatch],
  ['GET', /^messages\/([^/]+)$/, (call, part) => ok(getMessage(call.pool, part(1)).then(messageView))],
  ['DELETE', /^messages\/([^/]+)$/, (call, part) => cancelOne(call, part(1))],
  ['DELETE', /^messages$/, (call) => ok(cancelMessages(call.pool, bulkIds(call, 'messageIds')).then((cancelled) => ({ cancelled })))],
  ['GET', /^queues$/, (call) => ok(listQueues(call.pool, null))],
  ['POST', /^queues$/, (call) => ok(saveQueue(call.pool, jsonBody(call) as Record<string, unknown>))],
  ['GET', /^queues\/([^/]+)$/, (call, part) => ok(listQueues(call.pool, part(1)).then(([queue]) => queue))],
  ['DELETE', /^queues\/([^/]+)$/, (call, part) => ok(deleteQueue(call.pool, part(1)))],
  ['POST', /^queues\/([^/]+)\/(pause|resume)$/, (call, part) => ok(setQueuePaused(call.pool, part(1), part(2) === 'pause'))],
  ['POST', /^schedules\/(.+)$/s, (call, part) => (/^[^/]+\/(pause|resume)$/.test(part(1)) ? pauseByPath(call, part(1)) : saveScheduleOf(call, part(1)))],
  ['GET', /^schedules$/, (call) => ok(listSchedules(call.pool))],
  ['GET', /^schedules\/([^/]+)$/, (call, part) => ok(getSchedule(call.pool, part(1)))],
  ['DELETE', /^schedules\/([^/]+)$/, (call, part) => ok(deleteSchedule(call.pool, part(1)))],
  ['PATCH', /^schedules\/([^/]+\/(?:pause|resume))$/, (call, part) => pauseByPath(call, part(1))],
  ['GET', /^dlq$/, deadLetters],
  ['DELETE', /^dlq$/, (call) => ok(deleteDeadLetters(call.pool, bulkIds(call, 'dlqIds')).then((deleted) => ({ deleted })))],
  ['POST', /^dlq\/retry$/, (call) => retryBulk(call, bulkIds(call, 'dlqIds'))],
  ['POST', /^dlq\/retry\/([^/]+)$/, (call, part) => retryOne(call, part(1))],
  ['GET', /^dlq\/([^/]+)$/, (call, part) => ok(getDeadLetter(call.pool, part(1)).then(deadLetterView))],
  ['DELETE', /^dlq\/([^/]+)$/, async (call, part) => {
    await getDeadLetter(call.pool, part(1));
    return ok(deleteDeadLetters(call.pool, [part(1)]).then(() => undefined));
  }],
  ['GET', /^keys$/, (call) => ok(readKeys(call.pool))],
  ['POST', /^keys\/rotate$/, (call) => ok(rotateKeys(call.pool))],
];

function pauseByPath(call: Call, path: string): Promise<Reply> {
  const [id, verb] = path.split('/') as [string, string];
  return ok(setPaused(call.pool, decodeURIComponent(id), verb === 'pause'));
}

/** Answers one call; `path` is the raw text after /v2/. Throws ContractError. */
export async function route(method: string, path: string, call: Call): Promise<Reply> {
  const raw = /^(publish|enqueue|schedules)\/./.test(path) && method === 'POST';
  const target = raw ? path : path.split('?')[0]!.replace(/\/+$/, '');
  for (const [wanted, pattern, handle] of ROUTES) {
    const match = wanted === method ? pattern.exec(target) : null;
    if (match) return handle(call, (index) => (raw ? match[index]! : decodeURIComponent(match[index]!)));
  }
  throw new ContractError(404, `${method} /v2/${target.slice(0, 100)} is not offered by this server`);
}

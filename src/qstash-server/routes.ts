import { decoded, jsonBody, jsonObject, reply, replyAndWake, type Call, type Reply, type Route } from './call.js';
import { ContractError } from './contract-error.js';
import { deleteDeadLetters, getDeadLetter, listDeadLetters, oneDeadLetter, requireOnceDead, retryDeadLetters } from './dead-letters.js';
import { listEvents } from './events.js';
import { DEAD_LETTER_FILTERS, EVENT_FILTERS, MESSAGE_FILTERS, readFilter } from './filters.js';
import { FLOW_VERBS, getFlowControl, globalParallelism, listFlowControls } from './flow-control.js';
import { messageView } from './message-row.js';
import { cancelMessage, cancelMessages, getMessage, runNow } from './messages.js';
import { PUBLISH_ROUTES } from './publish-routes.js';
import { deleteQueue, listQueues, saveQueue, setQueuePaused } from './queues.js';
import { deleteSchedule, getSchedule, listSchedules, setSchedulePaused } from './schedules.js';
import { readKeys, rotateKeys } from './signature.js';
import { addEndpoints, deleteUrlGroup, listUrlGroups, removeEndpoints, setGroupHeaders } from './url-groups.js';

const pauseSchedule = (call: Call): Promise<Reply> => replyAndWake(call, setSchedulePaused(call.context, decoded(call.part(1)), call.part(2).toLowerCase() === 'pause'));
const events = ({ context, query, body }: Call): Promise<Reply> => reply(200, listEvents(context.pool, readFilter(query, body, EVENT_FILTERS)));

async function retryOne({ context, headers, part }: Call): Promise<Reply> {
  const [published] = (await retryDeadLetters(context, oneDeadLetter(part(1)), headers)).responses;
  if (!published) throw new ContractError(404, `dlq message ${part(1)} not found`);
  return { status: 201, body: published };
}

async function deleteDeadLetter({ context, part }: Call): Promise<Reply> {
  if ((await deleteDeadLetters(context.pool, oneDeadLetter(part(1)))).deleted === 0) await requireOnceDead(context.pool, part(1));
  return { status: 200 };
}

const MESSAGE_ROUTES: readonly Route[] = [
  ['GET', /^messages\/([^/]+)$/i, ({ context, part }) => reply(200, getMessage(context.pool, part(1)).then(messageView))],
  ['DELETE', /^messages\/([^/]+)$/i, ({ context, part }) => reply(202, cancelMessage(context.pool, part(1)).then((cancelled) => ({ cancelled })))],
  ['DELETE', /^messages$/i, (call) => replyAndWake(call, cancelMessages(call.context.pool, readFilter(call.query, call.body, MESSAGE_FILTERS)).then((cancelled) => ({ cancelled })))],
  ['POST', /^messages\/([^/]+)\/retry$/i, (call) => replyAndWake(call, runNow(call.context.pool, call.part(1)).then(() => ({ messageId: call.part(1) })))],
  ['GET', /^dlq$/i, ({ context, query, body }) => reply(200, listDeadLetters(context.pool, readFilter(query, body, DEAD_LETTER_FILTERS)))],
  ['DELETE', /^dlq$/i, ({ context, query, body }) => reply(200, deleteDeadLetters(context.pool, readFilter(query, body, DEAD_LETTER_FILTERS)))],
  ['POST', /^dlq\/retry$/i, ({ context, query, body, headers }) => reply(201, retryDeadLetters(context, readFilter(query, body, DEAD_LETTER_FILTERS), headers))],
  ['POST', /^dlq\/retry\/([^/]+)$/i, retryOne],
  ['GET', /^dlq\/([^/]+)$/i, ({ context, part }) => reply(200, getDeadLetter(context.pool, part(1)))],
  ['DELETE', /^dlq\/([^/]+)$/i, deleteDeadLetter],
  ['GET', /^(?:events|logs)$/i, events],
];

const QUEUE_ROUTES: readonly Route[] = [
  ['GET', /^queues$/i, ({ context }) => reply(200, listQueues(context.pool, null))],
  ['POST', /^queues$/i, (call) => replyAndWake(call, saveQueue(call.context.pool, jsonObject(call)))],
  ['GET', /^queues\/([^/]+)$/i, ({ context, part }) => reply(200, listQueues(context.pool, part(1)).then(([queue]) => queue))],
  ['DELETE', /^queues\/([^/]+)$/i, ({ context, part }) => reply(200, deleteQueue(context.pool, part(1)))],
  ['POST', /^queues\/([^/]+)\/(pause|resume)$/i, (call) => replyAndWake(call, setQueuePaused(call.context.pool, call.part(1), call.part(2).toLowerCase() === 'pause'))],
  ['GET', /^topics$/i, ({ context }) => reply(200, listUrlGroups(context.pool, null))],
  ['GET', /^topics\/([^/]+)$/i, ({ context, part }) => reply(200, listUrlGroups(context.pool, part(1)).then(([group]) => group))],
  ['DELETE', /^topics\/([^/]+)$/i, ({ context, part }) => reply(200, deleteUrlGroup(context.pool, part(1)))],
  ['PATCH', /^topics\/([^/]+)$/i, (call) => reply(200, setGroupHeaders(call.context.pool, call.part(1), jsonBody(call)))],
  ['POST', /^topics\/([^/]+)\/endpoints$/i, (call) => reply(200, addEndpoints(call.context.pool, call.part(1), jsonBody(call), (url) => call.context.destinations.check(url)))],
  ['DELETE', /^topics\/([^/]+)\/endpoints$/i, (call) => reply(200, removeEndpoints(call.context.pool, call.part(1), jsonBody(call)))],
];

const OTHER_ROUTES: readonly Route[] = [
  ['GET', /^schedules$/i, ({ context }) => reply(200, listSchedules(context.pool))],
  ['GET', /^schedules\/([^/]+)$/i, ({ context, part }) => reply(200, getSchedule(context.pool, part(1)))],
  ['DELETE', /^schedules\/([^/]+)$/i, ({ context, part }) => reply(200, deleteSchedule(context.pool, part(1)))],
  ['PATCH', /^schedules\/([^/]+)\/(pause|resume)$/i, pauseSchedule],
  ['POST', /^schedules\/([^/]+)\/(pause|resume)$/i, pauseSchedule],
  ['GET', /^flowControl$/i, ({ context, query }) => reply(200, listFlowControls(context.pool, query.get('search')))],
  ['GET', /^flowControl\/([^/]+)$/i, ({ context, part }) => reply(200, getFlowControl(context.pool, part(1)))],
  ['POST', /^flowControl\/([^/]+)\/(pause|resume|pin|unpin|resetRate|reset)$/i, (call) => replyAndWake(call, FLOW_VERBS[call.part(2).toLowerCase()]!(call.context.pool, call.part(1), call.query))],
  ['GET', /^globalParallelism$/i, ({ context }) => reply(200, globalParallelism(context.pool, context.parallelism))],
  ['GET', /^keys$/i, ({ context }) => reply(200, readKeys(context.pool))],
  ['POST', /^keys\/rotate$/i, ({ context }) => reply(200, rotateKeys(context.pool).finally(context.forgetKey))],
  ['GET', /^readiness$/i, ({ context }) => reply(200, context.pool.query('SELECT 1').then(() => ({ ready: true })))],
];

const ROUTES: readonly Route[] = [...MESSAGE_ROUTES, ...QUEUE_ROUTES, ...OTHER_ROUTES, ...PUBLISH_ROUTES];

/** Answers one call; `path` is the raw text after /v2/, of which a publish keeps everything. Throws ContractError. */
export async function route(method: string, path: string, call: Omit<Call, 'part'>): Promise<Reply> {
  const raw = method === 'POST' && /^(?:publish|enqueue|schedules)\/./i.test(path);
  const target = raw ? withoutOptions(path) : path.split('?')[0]!.replace(/\/+$/, '');
  for (const [wanted, pattern, handle] of ROUTES) {
    const match = wanted === method ? pattern.exec(target) : null;
    if (match) return handle({ ...call, part: (index) => (raw ? match[index]! : decoded(match[index]!)) });
  }
  throw new ContractError(404, `${method} /v2/${target.slice(0, 100)} is not offered by this server`);
}

/** The path without what its query says to this server and not to the destination: the token must not reach it. */
function withoutOptions(path: string): string {
  const [address, ...rest] = path.split('?');
  const parts = rest.join('?').split('&');
  const kept = parts.filter((part) => !/^(?:qstash_token=|upstash-[\w-]+=)/i.test(part));
  if (kept.length === parts.length) return path;
  return kept.length === 0 ? address! : `${address}?${kept.join('&')}`;
}

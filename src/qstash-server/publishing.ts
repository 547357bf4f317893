import type pg from 'pg';
import type { Context } from './context.js';
import { ContractError } from './contract-error.js';
import { transaction } from './database.js';
import { readDeliverySettings, readPublishSettings, type DeliverySettings, type PublishSettings } from './delivery-settings.js';
import { insertMessages, isFree, type NewMessage, type Published } from './message-insert.js';
import { checkQueueName } from './queues.js';
import { findUrlGroup, isGroupName, type UrlGroup } from './url-groups.js';

const LLM = 'https://qstash.upstash.io/llm/v1/chat/completions';

/** Where a publish goes: one address, or the endpoints of a group. */
export interface Destination {
  readonly url: string | null;
  readonly group: UrlGroup | null;
  readonly name: string;
  readonly api: string | null;
}

/** Finds out what the text after /v2/publish/ names. Throws 400, 403, 404. */
export async function resolveDestination({ pool, destinations }: Context, text: string): Promise<Destination> {
  if (text === 'api/llm' && destinations.hasSink) return { url: LLM, group: null, name: text, api: 'llm' };
  if (!isGroupName(text)) return { url: destinations.check(text), group: null, name: text, api: null };
  const group = await findUrlGroup(pool, text);
  if (group === null) throw new ContractError(404, `topic ${text} not found; an address needs http:// or https:// in front`);
  return { url: null, group, name: text, api: null };
}

interface Origin {
  readonly callerIp: string;
  readonly queueName: string | null;
  readonly scheduleId?: string;
}

/** The messages of one publish: one, or one for each endpoint of a group. */
export function messagesFor(destination: Destination, body: Buffer, settings: DeliverySettings, publish: PublishSettings, origin: Origin): NewMessage[] {
  const { url, group, name } = destination;
  const base = { body, settings: { ...settings, api: destination.api }, ...publish, ...origin };
  if (group === null) return [{ ...base, url: url! }];
  return group.endpoints.map((endpoint) => ({
    ...base, url: endpoint.url, topicName: name, endpointName: endpoint.name,
    deduplicationId: publish.deduplicationId === null ? null : `${publish.deduplicationId} ${endpoint.url}`,
  }));
}

/** One thing to publish, as an HTTP call or an item of a batch says it. */
export interface PublishCall {
  readonly destination: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly queueName: string | null;
  readonly callerIp: string;
}

/** A publish that was understood, with its messages. */
export interface Prepared {
  readonly isGroup: boolean;
  readonly messages: readonly NewMessage[];
}

/** Reads a publish. Throws ContractError. */
export async function preparePublish(context: Context, call: PublishCall): Promise<Prepared> {
  const destination = await resolveDestination(context, call.destination);
  const headers = destination.group === null ? call.headers : new Map([...Object.entries(destination.group.headers), ...call.headers]);
  const settings = readDeliverySettings(headers, (url) => context.destinations.check(url));
  const publish = readPublishSettings(headers, call.destination, call.body, settings.headers);
  const queueName = call.queueName === null ? null : checkQueueName(call.queueName);
  return { isGroup: destination.group !== null, messages: messagesFor(destination, call.body, settings, publish, { callerIp: call.callerIp, queueName }) };
}

/** Writes messages and wakes the dispatchers once they are committed. */
export async function publishMessages(context: Context, messages: readonly NewMessage[], before?: (client: pg.ClientBase) => Promise<void>): Promise<Published[]> {
  const published = before === undefined && messages.every(isFree)
    ? await context.publishes.add(messages)
    : await transaction(context.pool, async (client) => {
      await before?.(client);
      return insertMessages(client, messages, context.deduplicationSeconds);
    });
  context.wake();
  return published;
}

/** Publishes what was read, in one transaction, and returns the answer for each in the contract's form. */
export async function publishPrepared(context: Context, prepared: readonly Prepared[]): Promise<(object | object[])[]> {
  const published = await publishMessages(context, prepared.flatMap(({ messages }) => messages));
  let at = 0;
  return prepared.map(({ isGroup, messages }) => {
    const answers = messages.map(({ url }) => ({ ...published[at++]!, url }));
    return isGroup ? answers : answers[0]!;
  });
}

import { completeSettings, type DeliverySettings } from './delivery-settings.js';
import { redactedBody, redactedCallbackSettings, redactedHeaders } from './redaction.js';

export interface MessageRow {
  readonly id: string;
  readonly sequence: string;
  readonly url: string;
  readonly body: Buffer;
  readonly state: string;
  readonly retried: number;
  readonly not_before: Date;
  readonly queue_name: string | null;
  readonly schedule_id: string | null;
  readonly topic_name: string | null;
  readonly endpoint_name: string | null;
  readonly caller_ip: string;
  readonly source_id: string | null;
  readonly created_at: Date;
  readonly dlq_id: string | null;
  readonly response_status: number | null;
  readonly response_headers: Record<string, string[]> | null;
  readonly response_body: Buffer | null;
  readonly settings: Partial<DeliverySettings>;
}

/** Text bodies as they are, others as base64, none at all where it is empty. */
export function bodyFields(body: Buffer, name: string): Record<string, string> {
  if (body.length === 0) return {};
  const text = body.toString('utf8');
  return Buffer.from(text, 'utf8').equals(body) ? { [name]: text } : { [`${name}Base64`]: body.toString('base64') };
}

/** The object without what is null. */
export const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

const asHeaders = (settings: Readonly<Record<string, string>>): Record<string, string[]> | null =>
  (Object.keys(settings).length === 0 ? null : Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, [value]])));

/**
 * The part of a view that comes from the delivery settings; messages, schedules and events share it. `callbackName` is what the
 * settings of the callbacks are called: `callbackHeader` in messages and schedules, `callbackHeaders` in events, as clients read it.
 */
export function settingsView(settings: DeliverySettings, callbackName = 'callbackHeader'): Record<string, unknown> {
  const { flow, labels, redact } = settings;
  const failureName = `failureC${callbackName.slice(1)}`;
  return present({
    method: settings.method, header: redactedHeaders(settings.headers, redact), retryDelayExpression: settings.retryDelay, timeout: settings.timeoutSeconds,
    callback: settings.callback, failureCallback: settings.failureCallback, api: settings.api,
    [callbackName]: asHeaders(redactedCallbackSettings(settings.callbackHeaders, redact)), [failureName]: asHeaders(redactedCallbackSettings(settings.failureCallbackHeaders, redact)),
    ...(flow === null ? {} : { flowControlKey: flow.key, parallelism: flow.parallelism, rate: flow.rate, period: flow.periodSeconds }),
    ...(labels.length === 0 ? {} : { label: labels[0], labels }),
  });
}

/** A message as the API shows it. */
export function messageView(row: MessageRow): Record<string, unknown> {
  const settings = completeSettings(row.settings);
  return {
    messageId: row.id, url: row.url, ...bodyFields(redactedBody(row.body, settings.redact), 'body'), ...settingsView(settings), maxRetries: settings.maxRetries,
    notBefore: row.not_before.getTime(), createdAt: row.created_at.getTime(), callerIP: row.caller_ip,
    ...present({ queueName: row.queue_name, scheduleId: row.schedule_id, topicName: row.topic_name, endpointName: row.endpoint_name }),
  };
}

/** A dead letter as the API shows it. */
export const deadLetterView = (row: MessageRow): Record<string, unknown> => ({
  ...messageView(row), dlqId: row.dlq_id, responseStatus: row.response_status ?? 0, responseHeader: row.response_headers ?? {},
  ...bodyFields(row.response_body ?? Buffer.alloc(0), 'responseBody'),
});

import { callbackPublishHeaders } from './callback-settings.js';
import type { Context } from './context.js';
import { completeSettings, readDeliverySettings } from './delivery-settings.js';
import type { Answer } from './delivery.js';
import type { NewMessage } from './message-insert.js';
import { present, type MessageRow } from './message-row.js';
import { callbackRedaction } from './redaction.js';

/** What a callback says of an attempt; a failure callback names the dead letter. */
function callbackBody(message: MessageRow, answer: Answer, dlqId: string | null): Buffer {
  const settings = completeSettings(message.settings);
  return Buffer.from(JSON.stringify({
    status: answer.status, header: answer.headers, body: (answer.error === null ? answer.body : Buffer.from(answer.error)).toString('base64'),
    retried: message.retried, maxRetries: settings.maxRetries, sourceMessageId: message.id, url: message.url, method: settings.method,
    sourceHeader: settings.headers, sourceBody: message.body.toString('base64'), notBefore: message.not_before.getTime(), createdAt: message.created_at.getTime(),
    callerIP: message.caller_ip,
    ...present({ topicName: message.topic_name, endpointName: message.endpoint_name, scheduleId: message.schedule_id, queueName: message.queue_name, dlqId }),
  }));
}

/** The callbacks that an attempt leads to: the callback after each, the failure callback when the message is dead. */
export function callbacksOf({ destinations }: Context, message: MessageRow, answer: Answer, dlqId: string | null): NewMessage[] {
  const settings = completeSettings(message.settings);
  const wanted = [
    [settings.callback, settings.callbackHeaders, null] as const,
    ...(dlqId === null ? [] : [[settings.failureCallback, settings.failureCallbackHeaders, dlqId] as const]),
  ];
  return wanted.flatMap(([url, said, id]) => {
    if (url === null) return [];
    const own = readDeliverySettings(callbackPublishHeaders(said, settings.maxRetries), (text) => destinations.check(text));
    return [{
      url, body: callbackBody(message, answer, id), callerIp: message.caller_ip, sourceId: message.id, scheduleId: message.schedule_id,
      settings: { ...own, redact: [...own.redact, ...callbackRedaction(settings.redact)] },
    }];
  });
}

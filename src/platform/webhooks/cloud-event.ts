import type { JsonObject } from '../../common/json.js';

export interface CloudEventFacts {
  readonly id: string;
  readonly type: string;
  readonly workspaceId: string;
  /** The record that the event is about. */
  readonly subject: string;
  readonly time: Date;
  readonly data: JsonObject;
}

/** A CloudEvent 1.0 in structured mode (application/cloudevents+json). */
export const cloudEvent = ({ id, type, workspaceId, subject, time, data }: CloudEventFacts): JsonObject => ({
  specversion: '1.0', id, source: `/workspaces/${workspaceId}`, type, subject, time: time.toISOString(), datacontenttype: 'application/json', data,
});

import type { TracePlace } from '../../common/traceparent.js';

export type SpanKind = 'server' | 'consumer' | 'internal';
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that has been begun at the exporter. */
export interface BackendSpan {
  readonly place: TracePlace;
  end(error: string | null, attributes: Attributes): void;
}

/** What sends spans and numbers away. It is loaded only where somewhere to send them is named. */
export interface TelemetryBackend {
  begin(name: string, kind: SpanKind, parent: TracePlace | null, attributes: Attributes): BackendSpan;
  count(name: string, value: number, attributes: Attributes): void;
  record(name: string, value: number, attributes: Attributes): void;
  gauge(name: string, value: number, attributes: Attributes): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

import type { TracePlace } from '../../common/traceparent.js';
import type { Attributes, NumberSink } from './metrics.js';

export type SpanKind = 'server' | 'consumer' | 'internal';

/** A span that has been begun at the exporter. */
export interface BackendSpan {
  readonly place: TracePlace;
  end(error: string | null, attributes: Attributes): void;
}

/** What sends spans and numbers away. It is loaded only where somewhere to send them is named. */
export interface TelemetryBackend extends NumberSink {
  begin(name: string, kind: SpanKind, parent: TracePlace | null, attributes: Attributes): BackendSpan;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

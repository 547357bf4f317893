import { ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, TraceFlags, type Context, type Gauge } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TracePlace } from '../../common/traceparent.js';
import type { SpanKind, TelemetryBackend } from './telemetry-backend.js';

const METRICS_EVERY_MS = 30_000;
const KINDS: Readonly<Record<SpanKind, Kind>> = { server: Kind.SERVER, consumer: Kind.CONSUMER, internal: Kind.INTERNAL };

function contextOf(parent: TracePlace | null): Context {
  if (!parent) return ROOT_CONTEXT;
  const traceFlags = parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: parent.traceId, spanId: parent.spanId, traceFlags, isRemote: true });
}

/** Keeps what was made for a name, so that an instrument is made once. */
function once<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

/** Sends spans and metrics over OTLP/HTTP to `<endpoint>/v1/traces` and `<endpoint>/v1/metrics`. */
export function startOpenTelemetry(endpoint: string): TelemetryBackend {
  const base = endpoint.replace(/\/+$/, '');
  const resource = resourceFromAttributes({ 'service.name': 'perch' });
  const traces = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${base}/v1/traces` }))] });
  const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics` }), exportIntervalMillis: METRICS_EVERY_MS });
  const metrics = new MeterProvider({ resource, readers: [reader] });
  const [tracer, meter] = [traces.getTracer('perch'), metrics.getMeter('perch')];
  const counter = once((name) => meter.createCounter(name));
  const histogram = once((name) => meter.createHistogram(name, { unit: 'ms' }));
  const gauge = once<Gauge>((name) => meter.createGauge(name));
  return {
    begin: (name, kind, parent, attributes) => {
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, contextOf(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        place: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) === TraceFlags.SAMPLED },
        end: (error, more) => {
          span.setAttributes(more);
          if (error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
          span.end();
        },
      };
    },
    count: (name, value, attributes) => counter(name).add(value, attributes),
    record: (name, value, attributes) => histogram(name).record(value, attributes),
    gauge: (name, value, attributes) => gauge(name).record(value, attributes),
    flush: async () => void (await Promise.all([traces.forceFlush(), metrics.forceFlush()])),
    stop: async () => void (await Promise.all([traces.shutdown(), metrics.shutdown()])),
  };
}

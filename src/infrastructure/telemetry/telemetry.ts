import { AsyncLocalStorage } from 'node:async_hooks';
import { messageOf } from '../../common/errors.js';
import { formatTraceparent, parseTraceparent } from '../../common/traceparent.js';
import type { Logger } from '../logging/logger.js';
import type { MetricsBoard } from './metrics-board.js';
import type { Attributes, CounterName, GaugeName, HistogramName, NumberSink } from './metrics.js';
import type { SpanKind, TelemetryBackend } from './telemetry-backend.js';

export interface SpanOptions {
  readonly kind: SpanKind;
  /** W3C traceparent of the cause; the span under way in this call where it is left out. */
  readonly parent?: string | null;
  readonly attributes?: Attributes;
}

const FLUSH_LIMIT_MS = 1_000;

/**
 * Traces and metrics in OpenTelemetry's protocol, and the same numbers on a board of this process where one is kept. Without
 * an endpoint or a board nothing is loaded, sent or kept, and the trace context of a caller is still handed on. A fault of the exporter never reaches the work.
 */
export class Telemetry {
  private readonly current = new AsyncLocalStorage<string | null>();
  private backend: Promise<TelemetryBackend | null> | null = null;
  private kept: Promise<MetricsBoard> | null = null;

  constructor(
    private readonly endpoint: string | null,
    private readonly logger: Logger,
    private readonly keepsBoard = false,
  ) {}

  /** The numbers of this process; null where none are kept. */
  board(): Promise<MetricsBoard> | null {
    if (!this.keepsBoard) return null;
    return (this.kept ??= import('./metrics-board.js').then(({ MetricsBoard: Board }) => new Board()));
  }

  /** Whether there is somewhere to send to. */
  get isOn(): boolean {
    return this.endpoint !== null;
  }

  /** The traceparent of the span under way, or of the caller; null where there is none. */
  currentTraceparent(): string | null {
    return this.current.getStore() ?? null;
  }

  /** Runs the work inside a span. What it throws is noted and thrown on; `describe` adds facts that are known at its end. */
  async span<T>(name: string, { kind, parent = this.currentTraceparent(), attributes = {} }: SpanOptions, work: () => Promise<T>, describe?: (result: T) => Attributes): Promise<T> {
    const backend = await this.open();
    if (!backend) return this.current.run(parent, work);
    const span = backend.begin(name, kind, parseTraceparent(parent), attributes);
    try {
      const result = await this.current.run(formatTraceparent(span.place), work);
      span.end(null, describe?.(result) ?? {});
      return result;
    } catch (error) {
      span.end(messageOf(error), {});
      throw error;
    }
  }

  /** Adds to a number that only grows. */
  count(name: CounterName, value: number, attributes: Attributes = {}): void {
    this.measure((sink) => sink.count(name, value, attributes));
  }

  /** Adds a measurement, in milliseconds, to a distribution. */
  record(name: HistogramName, milliseconds: number, attributes: Attributes = {}): void {
    this.measure((sink) => sink.record(name, milliseconds, attributes));
  }

  /** Notes how large something is at present. */
  gauge(name: GaugeName, value: number, attributes: Attributes = {}): void {
    this.measure((sink) => sink.gauge(name, value, attributes));
  }

  /** Sends what has gathered, within a second; called before a function's instance may be put to sleep. */
  async flush(): Promise<void> {
    if (!this.isOn) return;
    const backend = await this.open();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((done) => (timer = setTimeout(done, FLUSH_LIMIT_MS)));
    await Promise.race([backend?.flush().catch((error: unknown) => this.logger.warn('telemetry could not be sent', { error: messageOf(error) })), limit]);
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    if (this.backend === null) return;
    await this.flush();
    await (await this.backend)?.stop().catch(() => undefined);
  }

  /** Jobs are measured by the thousand: where nothing is sent or kept, nothing is done. */
  private measure(note: (sink: NumberSink) => void): void {
    if (this.isOn) void this.open().then((backend) => backend && note(backend));
    void this.board()?.then(note).catch((error: unknown) => this.logger.warn('a number could not be kept', { error: messageOf(error) }));
  }

  private open(): Promise<TelemetryBackend | null> {
    const { endpoint } = this;
    if (endpoint === null) return NONE;
    this.backend ??= import('./open-telemetry.js').then(({ startOpenTelemetry }) => startOpenTelemetry(endpoint)).catch((error: unknown) => {
      this.logger.error('telemetry could not be started', error);
      return null;
    });
    return this.backend;
  }
}

const NONE: Promise<null> = Promise.resolve(null);

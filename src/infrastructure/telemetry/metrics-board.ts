import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from 'prom-client';
import { METRICS, type Attributes, type CounterName, type GaugeName, type HistogramName, type MetricName, type NumberSink } from './metrics.js';

/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const SUFFIX: Readonly<Partial<Record<MetricName, string>>> = {
  'perch.sweep.age': '_seconds', 'perch.backup.age': '_seconds', 'perch.database.size': '_bytes', 'perch.database.longest': '_seconds',
};

const labelsOf = (attributes: Attributes): Record<string, string> => Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));

/** The name of a metric as OpenMetrics writes it, with its unit; counters get their `_total` from the format. */
export function boardName(name: MetricName): string {
  const { kind } = METRICS[name];
  return name.replaceAll('.', '_') + (kind === 'histogram' ? '_seconds' : (SUFFIX[name] ?? ''));
}

/** Keeps the numbers of this process, and those of the process itself, for whoever comes to read them in OpenMetrics 1.0. */
export class MetricsBoard implements NumberSink {
  private readonly registry = new Registry<OpenMetricsContentType>();
  private readonly counters = new Map<CounterName, Counter>();
  private readonly histograms = new Map<HistogramName, Histogram>();
  private readonly gauges = new Map<GaugeName, Gauge>();

  constructor() {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    collectDefaultMetrics({ register: this.registry });
    // A gauge that nobody has set would say 0, which is a value.
    for (const name of Object.keys(METRICS) as MetricName[]) if (METRICS[name].kind !== 'gauge') this.declare(name);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  count(name: CounterName, value: number, attributes: Attributes = {}): void {
    this.counters.get(name)!.inc(labelsOf(attributes), value);
  }

  record(name: HistogramName, milliseconds: number, attributes: Attributes = {}): void {
    this.histograms.get(name)!.observe(labelsOf(attributes), milliseconds / 1_000);
  }

  gauge(name: GaugeName, value: number, attributes: Attributes = {}): void {
    if (!this.gauges.has(name)) this.declare(name);
    this.gauges.get(name)!.set(labelsOf(attributes), value);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private declare(name: MetricName): void {
    const { kind, about, labels } = METRICS[name];
    const settings = { name: boardName(name), help: about, labelNames: [...labels], registers: [this.registry] };
    if (kind === 'counter') this.counters.set(name as CounterName, new Counter(settings));
    else if (kind === 'histogram') this.histograms.set(name as HistogramName, new Histogram({ ...settings, buckets: BUCKETS }));
    else this.gauges.set(name as GaugeName, new Gauge(settings));
  }
}

/** What is counted and measured: the name in OpenTelemetry, what it says, and by which labels it is told apart. */
interface Metric {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly about: string;
  readonly labels: readonly string[];
}

export const METRICS = {
  'perch.http.requests': { kind: 'counter', about: 'Requests that were answered, by door and class of the status.', labels: ['door', 'status'] },
  'perch.http.duration': { kind: 'histogram', about: 'Time until the answer of a request was made.', labels: ['door'] },
  'perch.jobs.attempts': { kind: 'counter', about: 'Attempts of background jobs that ended, by type and outcome.', labels: ['type', 'outcome'] },
  'perch.jobs.wait': { kind: 'histogram', about: 'Time from when a background job was due until an attempt began.', labels: ['type'] },
  'perch.jobs.duration': { kind: 'histogram', about: 'Time that an attempt of a background job took.', labels: ['type'] },
  'perch.jobs.depth': { kind: 'gauge', about: 'Background jobs that have not ended, by state.', labels: ['state'] },
  'perch.jobs.overdue': { kind: 'gauge', about: 'Background jobs that nothing has begun, or kept alive, for 15 minutes.', labels: [] },
  'perch.jobs.stuck': { kind: 'gauge', about: 'Background jobs that were sent again more than ten times without having begun.', labels: [] },
  'perch.jobs.dead': { kind: 'gauge', about: 'Background jobs that failed for good and wait for a person.', labels: [] },
  'perch.sweep.age': { kind: 'gauge', about: 'Seconds since the last sweep of background jobs.', labels: [] },
  'perch.backup.age': { kind: 'gauge', about: 'Seconds since the last good backup; absent without daily backups.', labels: [] },
  'perch.database.slow': { kind: 'counter', about: 'Statements that took longer than a second.', labels: [] },
  'perch.database.size': { kind: 'gauge', about: 'Bytes of the database.', labels: [] },
  'perch.database.connections': { kind: 'gauge', about: 'Connections of the login of Perch.', labels: [] },
  'perch.database.longest': { kind: 'gauge', about: 'Seconds for which the longest statement of Perch has been running.', labels: [] },
} as const satisfies Readonly<Record<string, Metric>>;

type NamesOf<Kind extends Metric['kind']> = { [Name in keyof typeof METRICS]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never }[keyof typeof METRICS];
export type CounterName = NamesOf<'counter'>;
export type HistogramName = NamesOf<'histogram'>;
export type GaugeName = NamesOf<'gauge'>;
export type MetricName = keyof typeof METRICS;

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Takes numbers: an exporter that sends them away, or a board that keeps them. */
export interface NumberSink {
  count(name: CounterName, value: number, attributes: Attributes): void;
  /** `value` in milliseconds. */
  record(name: HistogramName, value: number, attributes: Attributes): void;
  gauge(name: GaugeName, value: number, attributes: Attributes): void;
}

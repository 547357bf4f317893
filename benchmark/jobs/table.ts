import { median, spread } from '../statistics.js';
import type { Measurement } from './measurement.js';

/** A measurement and the floor of the same minute: the geometric mean of the floors before and after it. */
export interface Sample {
  readonly measured: Measurement;
  readonly floor: Measurement;
}

interface Column {
  readonly title: string;
  readonly of: (measurement: Measurement) => number | null;
  /** What of the floor it is compared with. */
  readonly against: ((floor: Measurement) => number) | null;
  readonly digits: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'drain, jobs/s', of: ({ drain }) => drain, against: ({ drain }) => drain, digits: 0 },
  { title: '1 at a time, p50 ms', of: ({ single }) => single.p50, against: ({ single }) => single.p50, digits: 1 },
  { title: '  p99 ms', of: ({ single }) => single.p99, against: null, digits: 1 },
  { title: '10 at a time, p50 ms', of: ({ several }) => several.p50, against: ({ several }) => several.p50, digits: 1 },
  { title: '  p99 ms', of: ({ several }) => several.p99, against: null, digits: 1 },
  { title: '3-step workflow, p50 ms', of: ({ workflow }) => workflow?.p50 ?? null, against: ({ single }) => single.p50, digits: 1 },
  { title: 'enqueue 10,000, ms', of: ({ bulk }) => bulk, against: null, digits: 0 },
];

const quartiles = (values: readonly number[], digits: number): string => `${median(values).toFixed(digits)} (${spread(values).map((value) => value.toFixed(digits)).join(' to ')})`;

const geometric = (a: number, b: number): number => Math.sqrt(a * b);

/** The floor between two runs of it. */
export const between = (a: Measurement, b: Measurement): Measurement => ({
  drain: geometric(a.drain, b.drain), bulk: null, workflow: null,
  single: { p50: geometric(a.single.p50, b.single.p50), p99: geometric(a.single.p99, b.single.p99) },
  several: { p50: geometric(a.several.p50, b.several.p50), p99: geometric(a.several.p99, b.several.p99) },
});

/** One system: medians, quartiles, and the median and quartiles of its ratios to the floor. */
export function describe(name: string, samples: readonly Sample[]): string {
  const lines = COLUMNS.flatMap(({ title, of, against, digits }) => {
    const values = samples.flatMap(({ measured }) => of(measured) ?? []);
    if (values.length === 0) return [];
    const ratios = against === null ? [] : samples.map(({ measured, floor }) => of(measured)! / against(floor));
    return [`  ${title.padEnd(26)}${quartiles(values, digits).padEnd(28)}${ratios.length === 0 ? '' : `x${quartiles(ratios, 2)}`}`.trimEnd()];
  });
  return `${name}\n${lines.join('\n')}\n`;
}

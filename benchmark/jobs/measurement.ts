/** Jobs that are enqueued at once and then drained. */
export const BACKLOG = 10_000;
/** Jobs that are under way at a time where several are. */
export const SEVERAL = 10;
/** Jobs of one closed loop with one, and with several under way. */
export const SINGLE_JOBS = 1_000;
export const SEVERAL_JOBS = 2_000;
export const WORKFLOWS = 500;

/** Milliseconds from the call that enqueues to the commit of the end. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** What one system did in one round. */
export interface Measurement {
  /** Jobs a second. */
  readonly drain: number;
  readonly single: Latency;
  readonly several: Latency;
  /** Milliseconds of enqueueing the backlog; null for the floor, which has none. */
  readonly bulk: number | null;
  /** A workflow of three steps, one at a time; null for what has no workflows. */
  readonly workflow: Latency | null;
}

/** A module of this folder that is run in a process of its own. Throws when not all of the work was done. */
export interface MeasuredSystem {
  measure(): Promise<Measurement>;
}

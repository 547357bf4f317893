import { quantile } from '../statistics.js';
import type { Latency } from './measurement.js';

/** Share of the jobs at the beginning that are not counted: until compilers, pools and caches are warm. */
const WARM_UP = 0.3;
/** A loop that takes longer than this begins no more jobs; what has ended is counted. */
const LIMIT_MS = 10_000;

/** Brings together who waits for a job with who sees it end, in either order. */
export class Completions {
  private readonly ended = new Map<string, number>();
  private readonly waiting = new Map<string, (at: number) => void>();

  /** The job has ended and that is committed. */
  done(id: string): void {
    const at = performance.now();
    const tell = this.waiting.get(id);
    if (tell) tell(at);
    else this.ended.set(id, at);
  }

  /** Resolves with the moment of the end, as `performance.now()` counts. */
  async wait(id: string): Promise<number> {
    const at = this.ended.get(id) ?? await new Promise<number>((tell) => this.waiting.set(id, tell));
    this.ended.delete(id);
    this.waiting.delete(id);
    return at;
  }
}

/** Counts jobs down; `all` resolves at the last. */
export class Countdown {
  readonly all: Promise<void>;
  private finish: () => void = () => undefined;

  constructor(private left: number) {
    this.all = new Promise((done) => (this.finish = done));
  }

  done(count = 1): void {
    this.left -= count;
    if (this.left === 0) this.finish();
    if (this.left < 0) throw new Error('More jobs ended than there were.');
  }
}

/** Keeps `atOnce` jobs under way until `count` have ended or 10 s are over. `one` resolves with the moment at which its job had ended. */
export async function closedLoop(atOnce: number, count: number, one: (index: number) => Promise<number>): Promise<Latency> {
  const latencies: number[] = [];
  const over = performance.now() + LIMIT_MS;
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count && performance.now() < over) {
      const begin = performance.now();
      latencies.push((await one(next++)) - begin);
    }
  }));
  const counted = latencies.slice(Math.floor(latencies.length * WARM_UP));
  return { p50: quantile(counted, 0.5), p99: quantile(counted, 0.99) };
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

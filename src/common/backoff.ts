/** How long to wait before a next attempt: `base * factor^(attempt - 1)`, at most `cap`, all in milliseconds; or as `delays` says. */
export interface Backoff {
  readonly base: number;
  readonly factor: number;
  readonly cap: number;
  /** Share of the delay that is random, 0 to 1; spreads out jobs that failed together. */
  readonly jitter: number;
  /** What is waited after the first failure, the second and so on, instead; the last holds for all that follow. */
  readonly delays?: readonly number[];
}

export const DEFAULT_BACKOFF: Backoff = { base: 5_000, factor: 3, cap: 3_600_000, jitter: 0.2 };

/** Milliseconds to wait after the given failed attempt (1 is the first). `random` is in [0, 1). */
export function backoffDelay(backoff: Backoff, attempt: number, random: number): number {
  const failures = Math.max(1, attempt);
  const listed = backoff.delays?.[Math.min(failures, backoff.delays.length) - 1];
  const full = listed ?? Math.min(backoff.cap, backoff.base * backoff.factor ** (failures - 1));
  return Math.round(full * (1 - backoff.jitter * random));
}

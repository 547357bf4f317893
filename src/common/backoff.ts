/** How long to wait before a next attempt: `base * factor^(attempt - 1)`, at most `cap`, all in milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly factor: number;
  readonly cap: number;
  /** Share of the delay that is random, 0 to 1; spreads out jobs that failed together. */
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: Backoff = { base: 5_000, factor: 3, cap: 3_600_000, jitter: 0.2 };

/** Milliseconds to wait after the given failed attempt (1 is the first). `random` is in [0, 1). */
export function backoffDelay(backoff: Backoff, attempt: number, random: number): number {
  const full = Math.min(backoff.cap, backoff.base * backoff.factor ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - backoff.jitter * random));
}

import { invalidInput } from '../../common/errors.js';

export const DAY_MS = 86_400_000;

/** A calendar month in UTC. */
export interface UsageMonth {
  /** Like 2026-11. */
  readonly name: string;
  readonly from: Date;
  /** The first moment of the next one. */
  readonly to: Date;
}

export const dayName = (at: Date): string => at.toISOString().slice(0, 10);

/** The month of the name, or the one that `now` falls into. Throws INVALID_INPUT for anything else, and for months to come. */
export function usageMonth(name: string | null, now: Date): UsageMonth {
  const current = now.toISOString().slice(0, 7);
  const chosen = name ?? current;
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(chosen) || chosen > current) throw invalidInput('Name a month until now, like 2026-11.', 'month');
  const [year, month] = chosen.split('-').map(Number) as [number, number];
  return { name: chosen, from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 1)) };
}

/**
 * What a month will come to at the pace so far: the amount, stretched from the part of the month that is over. Not before a day
 * is over, when a pace would be a guess.
 */
export function forecast(amount: number, { from, to }: UsageMonth, now: Date): number | null {
  const passed = Math.min(now.getTime(), to.getTime()) - from.getTime();
  return passed < DAY_MS ? null : amount * ((to.getTime() - from.getTime()) / passed);
}

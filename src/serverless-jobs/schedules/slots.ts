import { Cron } from 'croner';

export type CatchUp = 'skip' | 'last' | 'all';

/** When something is begun by the clock: five cron fields, read in an IANA time zone. */
export interface SlotRule {
  readonly cron: string;
  readonly timeZone: string;
}

/** A time that was missed by more than this is over, where missed ones are skipped. */
const STILL_CURRENT_MS = 10 * 60_000;
/** Missed times that one call makes up for; the next call goes on. */
const ALL_AT_ONCE = 100;

/**
 * The expression in its time zone. A time that does not exist, because clocks go forward, falls on the first moment after; a time
 * that exists twice counts once, though what runs every hour runs in both hours. Throws for an expression or zone that is none.
 */
const parse = ({ cron, timeZone }: SlotRule): Cron => new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });

/** The first slot after the time. Throws where there is none. */
export function nextSlot(rule: SlotRule, after: Date): Date {
  const [slot] = nextSlots(rule, after, 1);
  if (!slot) throw new Error(`"${rule.cron}" never comes.`);
  return slot;
}

export function nextSlots(rule: SlotRule, after: Date, count: number): Date[] {
  return parse(rule).nextRuns(count, after);
}

/** The last slot at or before the time; null where there is none. */
function lastSlot(rule: SlotRule, now: Date): Date | null {
  return parse(rule).previousRuns(2, new Date(now.getTime() + 1_000)).find((slot) => slot <= now) ?? null;
}

/** What is begun for the slots from `first`, which is due, until `now`, and the slot that comes after them. */
export function slotsToRun(rule: SlotRule, catchUp: CatchUp, first: Date, now: Date): { readonly run: readonly Date[]; readonly next: Date } {
  if (catchUp === 'all') {
    const run = [first, ...nextSlots(rule, first, ALL_AT_ONCE - 1)].filter((slot) => slot <= now);
    return { run, next: nextSlot(rule, run.at(-1) ?? now) };
  }
  const last = lastSlot(rule, now) ?? first;
  const isOver = catchUp === 'skip' && now.getTime() - last.getTime() > STILL_CURRENT_MS;
  return { run: isOver ? [] : [last], next: nextSlot(rule, now) };
}

/** The first slot of the day that it is in the rule's time zone; null where the day has none. */
export function slotOfToday(rule: SlotRule, now: Date): Date | null {
  const midnight: SlotRule = { cron: '0 0 * * *', timeZone: rule.timeZone };
  const begin = lastSlot(midnight, now);
  if (!begin) return null;
  const slot = nextSlot(rule, new Date(begin.getTime() - 1_000));
  return slot < nextSlot(midnight, now) ? slot : null;
}

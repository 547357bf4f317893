const DAY_MS = 86_400_000;

const weekdayIn = (timeZone: string, at: Date): string => new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(at);

/** The same time so many days later. With `businessDays`, Saturdays and Sundays of the time zone do not count. */
export function daysLater(from: Date, days: number, businessDays: boolean, timeZone: string): Date {
  if (!businessDays) return new Date(from.getTime() + days * DAY_MS);
  let at = from;
  for (let left = days; left > 0;) {
    at = new Date(at.getTime() + DAY_MS);
    if (!['Sat', 'Sun'].includes(weekdayIn(timeZone, at))) left--;
  }
  return at;
}

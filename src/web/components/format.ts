const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const MS_PER_DAY = 86_400_000;

export const day = (iso: string): string => DAY.format(new Date(iso));
export const minute = (iso: string): string => MINUTE.format(new Date(iso));

/** How long somebody has stood somewhere: "today" or whole days. */
export function daysSince(iso: string): string {
  const days = Math.floor((Date.now() - new Date(iso).getTime()) / MS_PER_DAY);
  return days <= 0 ? 'today' : days === 1 ? '1 day' : `${days} days`;
}

const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const UNITS = [['day', MS_PER_DAY], ['hour', 3_600_000], ['minute', 60_000]] as const;

/** How far ahead a time is, in words: "in 3 hours", "tomorrow". */
export function ahead(iso: string): string {
  const away = new Date(iso).getTime() - Date.now();
  const [unit, size] = UNITS.find(([, length]) => away >= length) ?? ['minute', 60_000];
  return RELATIVE.format(Math.max(0, Math.round(away / size)), unit);
}

/** How long ago a time is, in words: "3 hours ago", "yesterday". */
export function ago(iso: string): string {
  const past = Date.now() - new Date(iso).getTime();
  const [unit, size] = UNITS.find(([, length]) => past >= length) ?? ['minute', 60_000];
  return RELATIVE.format(-Math.max(0, Math.round(past / size)), unit);
}

export function years(count: number): string {
  const rounded = Math.round(count);
  return rounded === 1 ? '1 year' : `${rounded} years`;
}

/** `full_time` and `FULL_TIME` become "Full time". */
export function words(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `analyzeResume` becomes "Analyze resume". */
export const jobName = (type: string): string => words(type.replace(/([a-z])([A-Z])/g, '$1_$2'));

const SECOND = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });
export const second = (iso: string): string => SECOND.format(new Date(iso));

const NUMBER = new Intl.NumberFormat();
export const number = (value: number): string => NUMBER.format(value);

const counted = (value: number, unit: string): string => `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;

/** Milliseconds as people say them: "840 ms", "3.2 s", "12 min", "5 h", "3 d". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return counted(milliseconds / 1_000, 's');
  if (milliseconds < 3_600_000) return counted(milliseconds / 60_000, 'min');
  return milliseconds < 2 * MS_PER_DAY ? counted(milliseconds / 3_600_000, 'h') : counted(milliseconds / MS_PER_DAY, 'd');
}

/** 0 to 1 as a percentage; a little is never shown as nothing. */
export function percent(rate: number): string {
  if (rate > 0 && rate < 0.01) return '< 1 %';
  return `${Math.round(rate * 100)} %`;
}

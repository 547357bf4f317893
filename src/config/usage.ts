/** What of a workspace is metered, in the order in which it is shown. */
export const METERS = ['jobs', 'mails', 'storage', 'modelTokens'] as const;
export type Meter = (typeof METERS)[number];

/** The unit of each in variables. */
export const USAGE_UNITS: Readonly<Record<Meter, number>> = { jobs: 1, mails: 1, storage: 1_000_000_000, modelTokens: 1_000_000 };

/** Numbers by what is metered; what is not named has none. */
export type UsageNumbers = Readonly<Partial<Record<Meter, number>>>;

const ITEM = new RegExp(`^(${METERS.join('|')})=(\\d{1,9}(?:\\.\\d{1,6})?)$`);

/** Reads a list like `jobs=100000,storage=5`; null where it is anything else. */
export function parseUsageNumbers(text: string): UsageNumbers | null {
  const found = new Map<Meter, number>();
  for (const part of text.split(',')) {
    const [, name, value] = ITEM.exec(part.trim()) ?? [];
    if (name === undefined || found.has(name as Meter)) return null;
    found.set(name as Meter, Number(value));
  }
  return Object.fromEntries(found);
}

/** Names of what is metered, as variables write them, and their unit there. */
export const USAGE_UNITS = { jobs: 1, mails: 1, storage: 1_000_000_000, modelTokens: 1_000_000 } as const;
type Name = keyof typeof USAGE_UNITS;

/** Numbers by what is metered; what is not named has none. */
export type UsageNumbers = Readonly<Partial<Record<Name, number>>>;

const ITEM = /^(jobs|mails|storage|modelTokens)=(\d{1,9}(?:\.\d{1,6})?)$/;

/** Reads a list like `jobs=100000,storage=5`; null where it is anything else. */
export function parseUsageNumbers(text: string): UsageNumbers | null {
  const found = new Map<Name, number>();
  for (const part of text.split(',')) {
    const [, name, value] = ITEM.exec(part.trim()) ?? [];
    if (name === undefined || found.has(name as Name)) return null;
    found.set(name as Name, Number(value));
  }
  return Object.fromEntries(found);
}

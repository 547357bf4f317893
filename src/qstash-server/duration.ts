import { ContractError } from './contract-error.js';

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of a duration like `90s`, `1d10h30m` or `250ms`; null where the text is not one. */
export function readDuration(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) total += Number(amount) * UNITS[unit!]!;
  return total;
}

/** As readDuration; throws a 400 that names the header. */
export function requireDuration(text: string, header: string): number {
  const value = readDuration(text.trim());
  if (value === null) throw new ContractError(400, `${header} must be a duration like 10s or 1h30m`);
  return value;
}

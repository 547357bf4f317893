import { parseArgs } from 'node:util';

/** The whole number after `--name`, or the fallback; null where the arguments are anything else or the number is out of bounds. */
export function numberOption(args: readonly string[], name: string, fallback: number, most: number): number | null {
  try {
    const { values } = parseArgs({ args: [...args], options: { [name]: { type: 'string', default: String(fallback) } } });
    const text = String(values[name]);
    return /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null;
  } catch {
    return null;
  }
}

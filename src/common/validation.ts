import { z } from 'zod';
import { invalidInput } from './errors.js';

/** PostgreSQL cannot store NUL in text, and a lone surrogate is not valid Unicode: both are refused, not changed. */
const storable = (text: string): boolean => !text.includes('\u0000') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);

/** Text of at most so many characters that PostgreSQL can store. */
export const textUpTo = (limit: number) => z.string().trim().max(limit, `may have at most ${limit} characters`).refine(storable, 'contains characters that cannot be stored');

/** A line: a name, a title. */
export const shortText = textUpTo(300).min(1, 'must not be empty');
/** Prose: a description, a note. */
export const longText = textUpTo(20_000).min(1, 'must not be empty');
export const optionalShortText = textUpTo(300).transform((value) => (value === '' ? null : value)).nullish().transform((value) => value ?? null);
/** A time: a Date, or ISO 8601 text with an offset, of the years 1 to 9999. */
export const timeInput = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))], { error: 'must be a time like 2026-01-31T12:00:00Z' })
  .refine((value) => /^(?!0000)\d{4}-/.test(value.toISOString()), 'must be a time like 2026-01-31T12:00:00Z');
export const idText = z.uuid('is not an id');

/** Checks a caller's input. Throws INVALID_INPUT that names the first wrong field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.');
  throw invalidInput(field === '' ? issue.message : `"${field}" ${issue.message}.`, field === '' ? undefined : field);
}

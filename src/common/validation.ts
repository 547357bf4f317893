import { z } from 'zod';
import { invalidInput } from './errors.js';

/** PostgreSQL cannot store NUL in text, and a lone surrogate is not valid Unicode: both are refused, not changed. */
const storable = (text: string): boolean => !text.includes('\u0000') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);

/** A text without spaces around it, of at most so many characters, that the database can store. */
export const trimmedText = (limit: number) => z.string().trim().max(limit, `may have at most ${limit} characters`).refine(storable, 'contains characters that cannot be stored');

/** A line: a name, a title. */
export const shortText = trimmedText(300).min(1, 'must not be empty');
/** Prose: a description, a note. */
export const longText = trimmedText(20_000).min(1, 'must not be empty');
export const optionalShortText = trimmedText(300).transform((value) => (value === '' ? null : value)).nullish().transform((value) => value ?? null);
export const idText = z.uuid('is not an id');

/** Checks a caller's input. Throws INVALID_INPUT that names the first wrong field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.');
  throw invalidInput(field === '' ? issue.message : `"${field}" ${issue.message}.`, field === '' ? undefined : field);
}

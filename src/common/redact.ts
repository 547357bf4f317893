const SECRET_KEY = /pass(word|phrase)?|secret|token|authorization|cookie|api[-_]?key|signature/i;
const SECRET_TEXT = /\b(Bearer\s+)[\w.~+/=-]{8,}|\b(postgres(?:ql)?:\/\/[^:\s]+:)[^@\s]+(?=@)|\bsig_\w{8,}/gi;
const HIDDEN = '[hidden]';

/** The text with bearer tokens, database passwords and signing keys replaced. */
export const redactText = (text: string): string =>
  text.replace(SECRET_TEXT, (_match, bearer?: string, database?: string) => `${bearer ?? database ?? ''}${HIDDEN}`);

/** A copy of the value in which members with a secret-sounding name, and secrets inside texts, are replaced. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object' || depth > 8) return value;
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, SECRET_KEY.test(key) ? HIDDEN : redact(member, depth + 1)]),
  );
}

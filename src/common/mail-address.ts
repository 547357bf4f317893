import { z } from 'zod';

/** Somebody who gets or sends mail; the name is what a mail program shows. */
export interface MailAddress {
  readonly address: string;
  readonly name: string | null;
}

const ADDRESS = z.email().max(254);
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Whether the text fits into one header: a line break in it would begin a header of somebody else's making. */
export const isOneLine = (text: string): boolean => !CONTROL.test(text);

/** Reads `Perch <jobs@example.com>` or a bare address; null where the text is neither. */
export function parseMailAddress(text: string): MailAddress | null {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text);
  const [name, address] = named ? [named[1]!, named[2]!] : ['', text.trim()];
  if (!ADDRESS.safeParse(address).success || !isOneLine(name)) return null;
  return { address, name: name === '' ? null : name };
}

/** Keys of BACKUP_KEY and PERCH_SEALING_KEY: the first seals what is new, the others still open what they sealed. */
const KEY_BYTES = 32;

/** The keys in their order; null where the text is anything else than keys of 32 bytes in base64, separated by commas. */
export function parseKeyList(text: string): readonly Buffer[] | null {
  const keys = text.split(',').map((part) => (/^[\w+/-]{43}=?$/.test(part.trim()) ? Buffer.from(part.trim(), 'base64') : Buffer.alloc(0)));
  return keys.every(({ length }) => length === KEY_BYTES) ? keys : null;
}

/** What BACKUP_KEY holds: the key that new backups are sealed with, then older ones that still open theirs. */
const KEY_BYTES = 32;

/** The keys in their order; null where the text is anything else than keys of 32 bytes in base64, separated by commas. */
export function parseBackupKeys(text: string): readonly Buffer[] | null {
  const keys = text.split(',').map((part) => (/^[\w+/-]{43}=?$/.test(part.trim()) ? Buffer.from(part.trim(), 'base64') : Buffer.alloc(0)));
  return keys.every(({ length }) => length === KEY_BYTES) ? keys : null;
}

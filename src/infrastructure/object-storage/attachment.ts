/**
 * A Content-Disposition that saves the file under its name and never shows it (RFC 6266, RFC 8187). Half a character, left by
 * a name that was cut, becomes a replacement character.
 */
export function attachment(fileName: string): string {
  const encoded = encodeURIComponent(Buffer.from(fileName).toString()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}

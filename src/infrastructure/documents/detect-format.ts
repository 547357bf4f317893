export type DocumentFormat = 'pdf' | 'docx' | 'doc' | 'odt' | 'rtf' | 'html' | 'png' | 'jpeg' | 'txt';

export const MIME_TYPES: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  doc: 'application/msword',
  odt: 'application/vnd.oasis.opendocument.text',
  rtf: 'application/rtf',
  html: 'text/html',
  png: 'image/png',
  jpeg: 'image/jpeg',
  txt: 'text/plain',
};

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const PNG = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1');
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/** How a page of HTML begins, behind comments and the declaration of XHTML. A picture (SVG) or a bare script is none. */
const PAGE = /^(?:<\?xml[^>]{0,200}\?>\s*|<!--[\s\S]{0,2000}?-->\s*){0,20}<(?:!doctype html[^>]{0,500}>(?!\s*<(?:svg|script)\b)|(?:html|head|body|meta|title|main|article|section|div|table|h1|p)\b)/i;

/** Text has no NUL and hardly any control characters, and is valid UTF-8 or a one-byte encoding of words. */
function isText(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 65_536);
  const controls = sample.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) || byte === 127 ? 1 : 0), 0);
  return sample.length > 0 && !sample.includes(0) && controls <= sample.length / 100 && !/^\s*<(!doctype|html|svg|\?xml|script)/i.test(sample.toString('latin1', 0, 200));
}

/** What a file is, by its first bytes; the name and the declared type are not believed. Null for anything else. */
export function detectFormat(bytes: Buffer): DocumentFormat | null {
  if (bytes.subarray(0, 1_024).includes('%PDF-')) return 'pdf';
  if (bytes.subarray(0, 5).toString('latin1') === '{\\rtf') return 'rtf';
  if (bytes.subarray(0, 8).equals(COMPOUND_FILE)) return 'doc';
  if (bytes.subarray(0, 8).equals(PNG)) return 'png';
  if (bytes.subarray(0, 3).equals(JPEG)) return 'jpeg';
  if (bytes.subarray(0, 4).equals(ZIP)) {
    // Both kinds name their parts in the archive; OpenDocument puts its type first, uncompressed.
    if (bytes.subarray(0, 200).includes('application/vnd.oasis.opendocument.text')) return 'odt';
    return bytes.includes('word/') ? 'docx' : null;
  }
  const isPage = PAGE.test(bytes.toString('utf8', 0, 4_096).trimStart()) && !bytes.subarray(0, 65_536).includes(0);
  return isPage ? 'html' : isText(bytes) ? 'txt' : null;
}

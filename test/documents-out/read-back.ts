import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docxLines } from '../../src/infrastructure/documents/docx-lines.js';

/** What poppler reads in a PDF, without the marks of direction that it adds. Form feeds part the pages. */
export function pdfText(content: Buffer, ...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'perch-pdf-'));
  try {
    const file = join(folder, 'document.pdf');
    writeFileSync(file, content);
    const { stdout, stderr, status } = spawnSync('pdftotext', [...options, file, '-'], { encoding: 'utf8' });
    if (status !== 0 || stderr !== '') throw new Error(`pdftotext refuses the file: ${stderr}`);
    return stdout.replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const docxText = (content: Buffer): string => docxLines(content).lines.map((line) => line.text).join('\n');

/** Every string in a value, however deep. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

const isShownOtherwise = (text: string): boolean => /^\d{4}(-\d\d){0,2}$/.test(text) || /^https?:/.test(text);

/** Words of the record that the text lacks; dates and addresses are shown in another form. A hyphen between two directions may be read on either side. */
export function wordsMissing(record: unknown, text: string): string[] {
  const shown = text.normalize('NFKC');
  return stringsOf(record).filter((value) => !isShownOtherwise(value)).flatMap((value) => value.normalize('NFKC').split(/[\s-]+/)).filter((word) => !shown.includes(word));
}

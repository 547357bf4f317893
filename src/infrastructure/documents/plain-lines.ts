import { cleanText, plainLine, TEXT_LIMIT, type ExtractedDocument } from './text-line.js';

const BULLET = /^\s*[•▪◦‣·●○■*➢►✓❖-]\s+/u;

/** Lines of text without any format; tabs and wide spaces part the segments. */
export function plainLinesOf(text: string): ExtractedDocument {
  const lines = text.slice(0, TEXT_LIMIT).split(/\r\n|\r|\n/).flatMap((raw) => {
    const bullet = BULLET.test(raw);
    const segments = raw.replace(BULLET, '').split(/\t| {3,}/).map(cleanText).filter((part) => part !== '');
    return segments.length === 0 ? [] : [plainLine(segments, { bullet })];
  });
  return { lines, hidden: [], links: [], pages: 1 };
}

/** The characters of a file: UTF-8 where it is valid, otherwise the Windows encoding of western Europe, which reads every byte. */
export function decodeText(file: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    return new TextDecoder('windows-1252').decode(file);
  }
}

/** A text file. */
export const textFileLines = (file: Buffer): ExtractedDocument => plainLinesOf(decodeText(file));

import { unreadable } from './document-error.js';
import { plainLinesOf } from './plain-lines.js';
import type { ExtractedDocument } from './text-line.js';

/** The text of an old Word file (97 to 2003). Throws DocumentError. */
export async function docLines(file: Buffer): Promise<ExtractedDocument> {
  const { default: WordExtractor } = await import('word-extractor');
  try {
    const document = await new WordExtractor().extract(file);
    return plainLinesOf(document.getBody());
  } catch {
    throw unreadable('it is not a complete Word file');
  }
}

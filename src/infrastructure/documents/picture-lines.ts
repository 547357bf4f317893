import { DocumentError, ScanError } from './document-error.js';
import { orderLines, type IsHeading } from './pdf-columns.js';
import { pageSegments } from './pdf-segments.js';
import { pictureSize } from './recognition/picture-header.js';
import { NOT_RECOGNIZED, type RecognizedPage } from './recognition/recognized-page.js';
import type { ExtractedDocument } from './text-line.js';

/** The recognised text of a photo or scan in reading order. Throws DocumentError; ScanError where it has to be recognised first. */
export function pictureLines(file: Buffer, isHeading: IsHeading, [page]: readonly RecognizedPage[]): ExtractedDocument {
  pictureSize(file);
  if (!page) throw new ScanError([1]);
  const lines = orderLines(pageSegments(page.pieces), 1, isHeading);
  if (lines.length === 0) throw new DocumentError('DOCUMENT_HAS_NO_TEXT', NOT_RECOGNIZED);
  return { lines, links: [], hidden: [], pages: 1 };
}

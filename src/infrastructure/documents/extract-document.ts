import { detectFormat } from './detect-format.js';
import { docLines } from './doc-lines.js';
import { DocumentError, unreadable } from './document-error.js';
import { docxLines } from './docx-lines.js';
import { odtLines } from './odt-lines.js';
import { htmlLines } from './html-lines.js';
import type { IsHeading } from './pdf-columns.js';
import { pdfLines } from './pdf-lines.js';
import { pictureLines } from './picture-lines.js';
import { textFileLines } from './plain-lines.js';
import type { RecognizedPage } from './recognition/recognized-page.js';
import { rtfLines } from './rtf-lines.js';
import type { ExtractedDocument } from './text-line.js';

async function read(file: Buffer, isHeading: IsHeading, recognized: readonly RecognizedPage[]): Promise<ExtractedDocument> {
  switch (detectFormat(file)) {
    case 'pdf':
      return pdfLines(file, isHeading, recognized);
    case 'png':
    case 'jpeg':
      return pictureLines(file, isHeading, recognized);
    case 'docx':
      return docxLines(file);
    case 'odt':
      return odtLines(file);
    case 'rtf':
      return rtfLines(file);
    case 'doc':
      return docLines(file);
    case 'html':
      return htmlLines(file);
    case 'txt':
      return textFileLines(file);
    default:
      throw unreadable('it is none of PDF, DOCX, DOC, ODT, RTF, HTML, PNG, JPEG and text');
  }
}

/**
 * The text of a document of any kind that Perch accepts; `recognized` is that of pages which are pictures. Throws DocumentError with a
 * sentence for the recruiter, and ScanError where pages have to be recognised first.
 */
export async function extractDocument(file: Buffer, isHeading: IsHeading, recognized: readonly RecognizedPage[] = []): Promise<ExtractedDocument> {
  const document = await read(file, isHeading, recognized);
  if (document.lines.length === 0) throw new DocumentError('DOCUMENT_HAS_NO_TEXT', 'The file holds no text.');
  return document;
}

import { detectFormat } from './detect-format.js';
import { docLines } from './doc-lines.js';
import { DocumentError, unreadable } from './document-error.js';
import { docxLines } from './docx-lines.js';
import { odtLines } from './odt-lines.js';
import { htmlLines } from './html-lines.js';
import type { IsHeading } from './pdf-columns.js';
import { pdfLines } from './pdf-lines.js';
import { textFileLines } from './plain-lines.js';
import { rtfLines } from './rtf-lines.js';
import type { ExtractedDocument } from './text-line.js';

async function read(file: Buffer, isHeading: IsHeading): Promise<ExtractedDocument> {
  switch (detectFormat(file)) {
    case 'pdf':
      return pdfLines(file, isHeading);
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
      throw unreadable('it is none of PDF, DOCX, DOC, ODT, RTF, HTML and text');
  }
}

/** The text of a document of any kind that Perch accepts. Throws DocumentError with a sentence for the recruiter. */
export async function extractDocument(file: Buffer, isHeading: IsHeading): Promise<ExtractedDocument> {
  const document = await read(file, isHeading);
  if (document.lines.length === 0) throw new DocumentError('DOCUMENT_HAS_NO_TEXT', 'The file holds no text.');
  return document;
}

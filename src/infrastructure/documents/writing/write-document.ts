import type { DocumentModel, WrittenDocument, WrittenFormat } from './document-model.js';
import { printableDocument } from './printable-text.js';

/**
 * Writes a document as PDF or DOCX. The same document gives the same bytes. The writers are loaded when the first
 * document is written, since no door needs them to start. Throws DocumentError where the document is too long.
 */
export async function writeDocument(model: DocumentModel, format: WrittenFormat): Promise<WrittenDocument> {
  const document = printableDocument(model);
  if (format === 'docx') {
    const { writeDocx } = await import('./docx-writer.js');
    return { content: await writeDocx(document), missing: '' };
  }
  const { writePdf } = await import('./pdf-writer.js');
  return writePdf(document);
}

import PDFDocument from 'pdfkit';
import type { DocumentModel, WrittenDocument } from './document-model.js';
import { FontFaces } from './font-faces.js';
import { PdfPen } from './pdf-pen.js';
import { paginate, RowSetter } from './pdf-rows.js';
import { MARGIN, PAGE_SIZES } from './pdf-styles.js';
import type { StyledText } from './text-pieces.js';

/** A file says when it was made; a fixed time lets the same document be the same bytes. */
const CREATED = new Date('2000-01-01T00:00:00Z');

/** The declared types do not know PDF/UA yet. */
const ACCESSIBLE = { pdfVersion: '1.7', subset: 'PDF/UA', tagged: true, displayTitle: true } as object;

function contentOf(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', fail).on('end', () => done(Buffer.concat(chunks)));
  });
}

/** Writes a tagged PDF of real text with embedded fonts, as PDF/UA asks for. */
export async function writePdf(model: DocumentModel): Promise<WrittenDocument> {
  const size = PAGE_SIZES[model.page];
  const pdf = new PDFDocument({
    ...ACCESSIBLE, size: [...size], margin: 0, autoFirstPage: false, font: '', lang: model.language,
    info: { Title: model.title, Author: model.author, Creator: 'Perch', Producer: 'Perch', CreationDate: CREATED, ModDate: CREATED },
  });
  const content = contentOf(pdf);
  const faces = new FontFaces();
  const pen = new PdfPen(pdf, faces, size[0], model.direction);
  const measure = (texts: readonly StyledText[]): number => pen.widthOf(texts);
  const setter = new RowSetter(size[0] - 2 * MARGIN.side, measure);
  const rows = model.blocks.flatMap((block) => setter.rowsOf(block));
  for (const page of paginate(rows, size[1] - MARGIN.top - MARGIN.bottom)) {
    pdf.addPage();
    for (const { row, top } of page) pen.draw(row, MARGIN.top + top);
  }
  pdf.end();
  return { content: await content, missing: faces.missing };
}

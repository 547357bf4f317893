import PDFDocument from 'pdfkit';
import { docx } from '../hostile/hostile-files.js';

type Page = InstanceType<typeof PDFDocument>;

/** What is hidden in every file, and what is seen. */
export const SECRET = 'Kubernetes wizard of ten thousand clusters';
const SEEN = ['Zoe Example', 'zoe@example.com', 'Experience', 'Backend Engineer, Acme Ltd', 'January 2019 - March 2023'];

/** A PDF with a short resume, drawn before and after what is given. */
export async function pdfWith(draw: (page: Page) => void, options: { readonly compress?: boolean } = {}): Promise<Buffer> {
  const page = new PDFDocument({ size: 'A4', margin: 50, ...options });
  const parts: Buffer[] = [];
  page.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((done) => page.on('end', done));
  page.fontSize(11).fillColor('black');
  SEEN.forEach((line, index) => page.text(line, 220, 60 + index * 18, { lineBreak: false }));
  draw(page);
  page.end();
  await ended;
  return Buffer.concat(parts);
}

/** Draws text at a place without breaking it. */
export const write = (page: Page, text: string, x = 220, y = 400): Page => page.text(text, x, y, { lineBreak: false });

const run = (text: string, properties = ''): string => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
const paragraph = (inner: string, properties = ''): string => `<w:p><w:pPr>${properties}</w:pPr>${inner}</w:p>`;

/** A Word document with a short resume and one more paragraph, with the properties of its run, its paragraph and its cell. */
export function docxWith(text: string, { run: own = '', paragraph: around = '', cell = '' }: { readonly run?: string; readonly paragraph?: string; readonly cell?: string }): Buffer {
  const last = paragraph(run(text, own), around);
  const body = SEEN.map((line) => paragraph(run(line))).join('') + (cell ? `<w:tbl><w:tr><w:tc><w:tcPr>${cell}</w:tcPr>${last}</w:tc></w:tr></w:tbl>` : last);
  return docx(`<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`);
}

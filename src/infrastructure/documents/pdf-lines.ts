import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { DocumentError, tooComplex, unreadable } from './document-error.js';
import { orderLines, type IsHeading } from './pdf-columns.js';
import { PdfDrawing } from './pdf-drawing.js';
import { separateHidden, type SeenAndHidden, type SizedText } from './pdf-hidden.js';
import { preflightPdf } from './pdf-preflight.js';
import { pageSegments } from './pdf-segments.js';
import { HiddenLines, TEXT_LIMIT, type ExtractedDocument, type TextLine } from './text-line.js';

const MAX_PAGES = 50;
const PAGES_READ = 20;
const ITEMS_A_PAGE = 20_000;

/** The reader needs a method that Node.js has from version 21. */
function allowTransfer(): void {
  if ('transferToFixedLength' in ArrayBuffer.prototype) return;
  Object.defineProperty(ArrayBuffer.prototype, 'transferToFixedLength', { configurable: true, writable: true, value(this: ArrayBuffer, length?: number) { return this.slice(0, length); } });
}

async function open(file: Buffer): Promise<PDFDocumentProxy> {
  const { getDocumentProxy } = await import('unpdf');
  allowTransfer();
  try {
    // Without pictures: only their places count, and unpacking them takes longer than all the rest.
    return await getDocumentProxy(new Uint8Array(file), { isEvalSupported: false, verbosity: 0, maxImageSize: 0 });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') throw new DocumentError('ENCRYPTED_DOCUMENT', 'The file is protected by a password. Ask for a copy without one.');
    throw unreadable('it is not a complete PDF');
  }
}

async function drawnText(page: PDFPageProxy): Promise<SizedText[]> {
  const content = await page.getTextContent();
  if (content.items.length > ITEMS_A_PAGE) throw tooComplex('a page holds an unusual amount of text');
  return content.items.flatMap((item) => {
    if (!('str' in item)) return [];
    const text = item.str.replace(/[\uE000-\uF8FF\u0000-\u0008]/g, '').normalize('NFKC');
    const [, , , scale = 0, x = 0, y = 0] = item.transform as number[];
    return text.trim() === '' ? [] : [{ text, x, y, width: item.width, height: Math.abs(scale) || item.height || 10, size: item.height || Math.abs(scale) || 10, font: item.fontName }];
  });
}

/** The width of a thousandth of a letter: fonts whose letters are drawings have units of their own. */
function unitOf(page: PDFPageProxy, font: string): number {
  const known = page.commonObjs.has(font) ? (page.commonObjs.get(font) as { fontMatrix?: ArrayLike<number> }) : null;
  return known?.fontMatrix?.[0] ?? 0.001;
}

/** The text of a page as a person sees it, and what only a program finds. */
async function seenText(page: PDFPageProxy, mayHide: boolean): Promise<SeenAndHidden> {
  const { getResolvedPDFJS } = await import('unpdf');
  const { AnnotationMode, OPS } = await getResolvedPDFJS();
  const pieces = await drawnText(page);
  if (pieces.length === 0) return { seen: [], hidden: [] };
  const drawing = new PdfDrawing(OPS, (font) => unitOf(page, font));
  if (mayHide) drawing.follow(await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE }));
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  return separateHidden(pieces, drawing, { left, bottom, right, top });
}

async function linksOf(page: PDFPageProxy): Promise<string[]> {
  const annotations = (await page.getAnnotations()) as { url?: string; unsafeUrl?: string }[];
  return annotations.map((annotation) => annotation.url ?? annotation.unsafeUrl ?? '').filter((url) => url !== '').slice(0, 200);
}

/**
 * The text of a PDF in reading order. `isHeading` helps to tell columns from labels.
 * Throws DocumentError: damaged, protected, too complex, or without text because it is a scan.
 */
export async function pdfLines(file: Buffer, isHeading: IsHeading): Promise<ExtractedDocument> {
  const { mayHide } = preflightPdf(file);
  const document = await open(file);
  if (document.numPages > MAX_PAGES) throw tooComplex(`it has ${document.numPages} pages`);
  const lines: TextLine[] = [];
  const links: string[] = [];
  const hidden = new HiddenLines();
  let characters = 0;
  for (let number = 1; number <= Math.min(document.numPages, PAGES_READ) && characters < TEXT_LIMIT; number += 1) {
    const page = await document.getPage(number).catch(() => {
      throw unreadable('a page is missing');
    });
    const { seen, hidden: unseen } = await seenText(page, mayHide);
    for (const line of orderLines(pageSegments(unseen), number, () => false)) hidden.add(line.text, lines.length);
    const ordered = orderLines(pageSegments(seen), number, isHeading);
    characters += ordered.reduce((sum, line) => sum + line.text.length, 0);
    lines.push(...ordered);
    links.push(...(await linksOf(page)));
    page.cleanup();
  }
  if (characters < 25) throw new DocumentError('DOCUMENT_HAS_NO_TEXT', 'The file holds pictures of text only (a scan). Its text cannot be read yet.');
  return { lines, links, hidden: hidden.found, pages: document.numPages };
}

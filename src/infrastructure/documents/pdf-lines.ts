import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { DocumentError, ScanError, tooComplex, unreadable } from './document-error.js';
import { orderLines, type IsHeading } from './pdf-columns.js';
import { PdfDrawing } from './pdf-drawing.js';
import { separateHidden, type SeenAndHidden, type SizedText } from './pdf-hidden.js';
import { preflightPdf } from './pdf-preflight.js';
import { pageSegments } from './pdf-segments.js';
import { showsPicture } from './pdf-visibility.js';
import { MOST_SCANS, NOT_RECOGNIZED, type RecognizedPage } from './recognition/recognized-page.js';
import { HiddenLines, TEXT_LIMIT, type ExtractedDocument, type TextLine } from './text-line.js';

const MAX_PAGES = 50;
const PAGES_READ = 20;
const ITEMS_A_PAGE = 20_000;
/** A page with fewer characters that shows a picture is a scan; a file with fewer has no text. */
const FEW = 25;

/** The reader needs a method that Node.js has from version 21. */
function allowTransfer(): void {
  if ('transferToFixedLength' in ArrayBuffer.prototype) return;
  Object.defineProperty(ArrayBuffer.prototype, 'transferToFixedLength', { configurable: true, writable: true, value(this: ArrayBuffer, length?: number) { return this.slice(0, length); } });
}

/** Opens a PDF; pictures of more points than `mostPoints` are left out. Throws DocumentError. */
export async function openPdf(file: Buffer, mostPoints: number): Promise<PDFDocumentProxy> {
  const { getDocumentProxy } = await import('unpdf');
  allowTransfer();
  try {
    return await getDocumentProxy(new Uint8Array(file), { isEvalSupported: false, verbosity: 0, maxImageSize: mostPoints });
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

/** What is drawn on a page, followed only where it matters. */
async function drawingOf(page: PDFPageProxy, matters: boolean): Promise<PdfDrawing> {
  const { getResolvedPDFJS } = await import('unpdf');
  const { AnnotationMode, OPS } = await getResolvedPDFJS();
  const drawing = new PdfDrawing(OPS, (font) => unitOf(page, font));
  if (matters) drawing.follow(await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE }));
  return drawing;
}

interface PageText extends SeenAndHidden {
  readonly isScan: boolean;
}

/** The text of a page as a person sees it, what only a program finds, and whether the page is a picture of text. */
async function seenText(page: PDFPageProxy, mayHide: boolean): Promise<PageText> {
  const pieces = await drawnText(page);
  const hasFew = pieces.reduce((sum, { text }) => sum + text.length, 0) < FEW;
  const drawing = await drawingOf(page, mayHide || hasFew);
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const box = { left, bottom, right, top };
  return { ...separateHidden(pieces, drawing, box), isScan: hasFew && showsPicture(drawing, box) };
}

async function linksOf(page: PDFPageProxy): Promise<string[]> {
  const annotations = (await page.getAnnotations()) as { url?: string; unsafeUrl?: string }[];
  return annotations.map((annotation) => annotation.url ?? annotation.unsafeUrl ?? '').filter((url) => url !== '').slice(0, 200);
}

/** Reads page after page; where a page is a scan, its recognised text. */
class PdfReading {
  readonly lines: TextLine[] = [];
  readonly links: string[] = [];
  readonly hidden = new HiddenLines();
  /** Numbers of pages whose text has to be recognised first. */
  readonly scans: number[] = [];
  characters = 0;

  constructor(
    private readonly isHeading: IsHeading,
    private readonly recognized: readonly RecognizedPage[],
  ) {}

  async add(page: PDFPageProxy, mayHide: boolean): Promise<void> {
    const { seen, hidden, isScan } = await seenText(page, mayHide);
    const known = isScan ? this.recognized.find(({ number }) => number === page.pageNumber) : undefined;
    if (isScan && !known) this.scans.push(page.pageNumber);
    for (const line of orderLines(pageSegments(hidden), page.pageNumber, () => false)) this.hidden.add(line.text, this.lines.length);
    const ordered = orderLines(pageSegments(known?.pieces ?? seen), page.pageNumber, this.isHeading);
    this.characters += ordered.reduce((sum, line) => sum + line.text.length, 0);
    this.lines.push(...ordered);
    this.links.push(...(await linksOf(page)));
    page.cleanup();
  }
}

/**
 * The text of a PDF in reading order. `isHeading` helps to tell columns from labels; `recognized` is the text of pages that are scans.
 * Throws DocumentError: damaged, protected, too complex or without text; ScanError where pages have to be recognised first.
 */
export async function pdfLines(file: Buffer, isHeading: IsHeading, recognized: readonly RecognizedPage[] = []): Promise<ExtractedDocument> {
  const { mayHide } = preflightPdf(file);
  // Without pictures: only their places count, and unpacking them takes longer than all the rest.
  const document = await openPdf(file, 0);
  if (document.numPages > MAX_PAGES) throw tooComplex(`it has ${document.numPages} pages`);
  const reading = new PdfReading(isHeading, recognized);
  for (let number = 1; number <= Math.min(document.numPages, PAGES_READ) && reading.characters < TEXT_LIMIT; number += 1) {
    const page = await document.getPage(number).catch(() => {
      throw unreadable('a page is missing');
    });
    await reading.add(page, mayHide);
  }
  const scans = reading.scans.slice(0, MOST_SCANS - recognized.length);
  if (scans.length > 0) throw new ScanError(scans);
  const { lines, links, hidden, characters } = reading;
  if (characters < FEW) throw new DocumentError('DOCUMENT_HAS_NO_TEXT', recognized.length > 0 ? NOT_RECOGNIZED : 'The file holds no text.');
  return { lines, links, hidden: hidden.found, pages: document.numPages };
}

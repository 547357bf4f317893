import { detectFormat } from '../detect-format.js';
import { unreadable } from '../document-error.js';
import { POINTS_AN_INCH, type Matrix } from '../page-geometry.js';
import { openPdf } from '../pdf-lines.js';
import { preflightPdf } from '../pdf-preflight.js';
import { blackOnWhite } from './black-on-white.js';
import { graymap, MOST_POINTS } from './grey-picture.js';
import { pagePicture } from './page-picture.js';
import { picturesOf } from './pdf-pictures.js';
import { pictureSize } from './picture-header.js';
import { piecesOf, standsUpright, type RecognizedPage } from './recognized-page.js';
import type { SeenText, TextRecognizer } from './text-recognizer.js';

/** A picture of a page as a file. */
interface PageFile {
  readonly file: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Points of the page for each dot. */
  readonly scale: number;
  readonly quarters: number;
}

/** The shorter side of a page whose size is not known, in points: A4. */
const SHORT_SIDE = 595;
/** Phrases of a page that are kept; a page of small print has some hundred. */
const MOST_PIECES = 3_000;
/** Below this the page probably lies on its side or stands on its head. */
const SURE = 60;
/** As given, on its head, and on either side. */
const TURNS = [0, 2, 1, 3] as const;

async function pdfPage(content: Buffer, number: number): Promise<PageFile> {
  const { getResolvedPDFJS } = await import('unpdf');
  preflightPdf(content);
  const document = await openPdf(content, MOST_POINTS);
  try {
    const page = await document.getPage(number).catch(() => {
      throw unreadable('a page is missing');
    });
    const { OPS, AnnotationMode } = await getResolvedPDFJS();
    const viewport = page.getViewport({ scale: 1 });
    const pictures = await picturesOf(OPS, await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE }), (key) =>
      new Promise((done) => (key.startsWith('g_') ? page.commonObjs : page.objs).get(key, done)));
    const { scale, ...picture } = pagePicture(pictures, viewport.transform as unknown as Matrix, viewport);
    return { file: graymap(blackOnWhite(picture, POINTS_AN_INCH / scale)), width: picture.width, height: picture.height, scale, quarters: 0 };
  } finally {
    await document.destroy();
  }
}

function pictureFile(content: Buffer): PageFile {
  const size = pictureSize(content);
  return { file: content, ...size, scale: SHORT_SIDE / Math.min(size.width, size.height) };
}

/** The surest reading, tried on the other sides only where the first one makes no sense. */
function read(recognizer: TextRecognizer, { file, quarters }: PageFile): SeenText & { readonly turn: number } {
  let best: (SeenText & { readonly turn: number }) | null = null;
  for (const turn of TURNS) {
    const seen = recognizer.recognize(file, quarters + turn);
    const confidence = standsUpright(seen.lines) ? seen.confidence : 0;
    if (!best || confidence > best.confidence) best = { ...seen, confidence, turn: quarters + turn };
    if (best.confidence >= SURE) break;
  }
  return best!;
}

/**
 * Recognises the text of one page, from 1, of a PDF that holds pictures, or of a picture. Takes one to four seconds.
 * Throws DocumentError where the file is damaged, protected or too large.
 */
export async function recognizePage(recognizer: TextRecognizer, content: Buffer, number: number): Promise<RecognizedPage> {
  const page = detectFormat(content) === 'pdf' ? await pdfPage(content, number) : pictureFile(content);
  const { lines, confidence, turn } = read(recognizer, page);
  const height = turn % 2 === 0 ? page.height : page.width;
  return { number, pieces: piecesOf(lines, page.scale, height * page.scale).slice(0, MOST_PIECES), confidence };
}

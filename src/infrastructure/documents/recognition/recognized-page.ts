import type { DrawnText } from '../pdf-segments.js';

/** The text of a page that is a picture, as it was recognised. */
export interface RecognizedPage {
  /** Number of the page, from 1. */
  readonly number: number;
  /** In points from the left and from the bottom, as in a PDF. */
  readonly pieces: readonly DrawnText[];
  /** How sure the recogniser is, 0 to 100. */
  readonly confidence: number;
}

/** Pages of one file that are recognised at most; the rest of a longer scan is left out. */
export const MOST_SCANS = 10;

export const NOT_RECOGNIZED = 'No text was found in the picture. Ask for a sharper scan, or for the file it was printed from.';

interface Corners {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface SeenWord {
  readonly text: string;
  readonly bbox: Corners;
  readonly confidence: number;
}

/** A line as Tesseract tells it, in dots from the left and from the top. */
export interface SeenLine {
  readonly bbox: Corners;
  readonly baseline: Corners;
  readonly rowAttributes: { readonly rowHeight: number };
  readonly words: readonly SeenWord[];
}

/** Shares of the line's height: letters of one word are not this far apart, words of one phrase not that far. */
const [ONE_WORD, ONE_PHRASE] = [0.11, 0.9];
/** A space before the rest of an address is wider than this. */
const BESIDE_AT = 0.28;
/** An icon in the middle of a line stands at least this far from the words on its sides. */
const [BEFORE_ICON, BEHIND_ICON] = [0.8, 0.4];
/** A page that lies further askew than this is not read straight on. */
const MOST_SLOPE = 0.2;
/** Lines whose height differs by less from that of most are of the same size: what differs is which letters they hold. */
const SAME_SIZE = 0.12;
/** A mark before an item of a list is smaller than letters, or a sign that is none. */
const SMALL = 0.55;
/** What is less sure than this, and as small as a mark, is a speck. */
const SPECK = 10;
/** How every mark before an item is written. */
const MARK = '•';
/** What empty frames, and icons that look like them, are taken for. */
const FRAME = /^(?=.*[[\]])[[\]IJLl|{}]{1,3}$/;

/** By how much lines climb from left to right: the median of all, weighted by their lengths. */
function slopeOf(lines: readonly SeenLine[]): number {
  const slopes = lines.map(({ baseline: { x0, y0, x1, y1 } }) => ({ slope: x1 > x0 ? (y1 - y0) / (x1 - x0) : 0, length: Math.max(0, x1 - x0) })).sort((a, b) => a.slope - b.slope);
  let left = slopes.reduce((sum, { length }) => sum + length, 0) / 2;
  const median = slopes.find(({ length }) => (left -= length) <= 0)?.slope ?? 0;
  return Math.abs(median) > MOST_SLOPE ? 0 : median;
}

/** Whether most words are in lines that run across; on a page that lies on its side the recogniser finds them run down. */
export function standsUpright(lines: readonly SeenLine[]): boolean {
  const down = lines.filter(({ bbox }) => bbox.y1 - bbox.y0 > bbox.x1 - bbox.x0);
  const count = (some: readonly SeenLine[]): number => some.reduce((sum, { words }) => sum + words.length, 0);
  return count(down) <= count(lines) / 2;
}

/** The middle one of the lines' heights, counted by their words. */
function usualHeight(lines: readonly SeenLine[]): number {
  const heights = lines.flatMap(({ words, rowAttributes }) => words.map(() => rowAttributes.rowHeight)).sort((a, b) => a - b);
  return heights[heights.length >> 1] ?? 0;
}

/** Whether the first word is the mark of an item in a list. */
function isMark({ text, bbox, confidence }: SeenWord, rowHeight: number): boolean {
  const isSmall = bbox.y1 - bbox.y0 < SMALL * rowHeight;
  return text.length <= 2 && (isSmall ? /^[^\p{L}\p{N}]+$|^[eo0]{1,2}$/u.test(text) : confidence < 90 && /^[^\p{L}\p{N}(]+$/u.test(text));
}

const isSpeck = ({ text, bbox, confidence }: SeenWord, rowHeight: number): boolean => text.length <= 2 && confidence < SPECK && bbox.y1 - bbox.y0 < SMALL * rowHeight;

/** A lone sign between phrases: an icon that was taken for a letter. */
function isIcon({ text }: SeenWord, before: number, behind: number): boolean {
  return [...text].length === 1 && !/^[|•·–—-]$/.test(text) && before >= BEFORE_ICON && behind >= BEHIND_ICON && behind < Infinity;
}

/** Whether there is no space between the words: letters that stand close, or an address that is parted at its dot. */
const isOneWord = (distance: number, before: string, text: string): boolean => distance < (/(?:^| )[a-z\d_-]+\.$/.test(before) && text.includes('@') ? BESIDE_AT : ONE_WORD);

/** A mark that stands higher than the words behind it is a line of its own. */
function isLoneMark({ words, rowAttributes }: SeenLine, usual: number): boolean {
  const [first] = words;
  return words.length === 1 && first!.text.length <= 2 && (rowAttributes.rowHeight <= SMALL * usual || /^[^\p{L}\p{N}]+$/u.test(first!.text));
}

interface Phrase {
  text: string;
  readonly x0: number;
  x1: number;
}

/** The words of a line as phrases, without icons and frames. */
function phrasesOf(line: SeenLine): Phrase[] {
  const { rowHeight } = line.rowAttributes;
  const words = line.words.filter((word) => word.text.trim() !== '' && !FRAME.test(word.text) && !isSpeck(word, rowHeight));
  const phrases: Phrase[] = [];
  const gap = (index: number): number => (words[index - 1] && words[index] ? (words[index]!.bbox.x0 - words[index - 1]!.bbox.x1) / rowHeight : Infinity);
  words.forEach((word, index) => {
    const mark = index === 0 && words.length > 1 && isMark(word, rowHeight);
    if (index > 0 && isIcon(word, gap(index), gap(index + 1))) return;
    const [open, { text, bbox }] = [phrases.at(-1), word];
    const distance = open ? (bbox.x0 - open.x1) / rowHeight : Infinity;
    if (open && (distance < ONE_PHRASE || open.text === MARK)) Object.assign(open, { text: `${open.text}${isOneWord(distance, open.text, text) ? '' : ' '}${text}`, x1: bbox.x1 });
    else phrases.push({ text: mark ? MARK : text, x0: bbox.x0, x1: bbox.x1 });
  });
  return phrases.filter(({ text }, index) => text !== MARK || index < phrases.length - 1);
}

/**
 * The phrases of the lines in points of the page; `scale` is points for each dot, `height` that of the page in points. Lines of a
 * page that lies askew are laid straight.
 */
export function piecesOf(lines: readonly SeenLine[], scale: number, height: number): DrawnText[] {
  const slope = slopeOf(lines);
  const usual = usualHeight(lines);
  return lines.filter((line) => !isLoneMark(line, usual)).flatMap((line): DrawnText[] => {
    const { rowHeight } = line.rowAttributes;
    const size = Math.abs(rowHeight - usual) < SAME_SIZE * usual ? usual : rowHeight;
    const y = height - scale * (line.baseline.y0 - slope * line.baseline.x0);
    return phrasesOf(line).map(({ text, x0, x1 }) => ({ text: text.normalize('NFKC'), x: x0 * scale, y, width: (x1 - x0) * scale, height: size * scale, font: 'scan' }));
  });
}

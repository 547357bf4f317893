import { inflateSync } from 'node:zlib';
import { tooComplex, unreadable } from './document-error.js';
import { PdfScreen } from './pdf-screen.js';

const MAX_STREAMS = 20_000;
/** Bytes that drawing instructions and fonts may take when unpacked. */
const CONTENT_BUDGET = 24 * 1_048_576;
/** Bytes that one image may take when unpacked; images are not read, but a lie about them is. */
const IMAGE_BUDGET = 64 * 1_048_576;
/** Text-showing operators in one stream; more than this takes longer than anybody waits. */
const MAX_OPERATORS = 150_000;
/** Fonts, lists of letters, colours and descriptions: no instructions to draw. */
const FONT = /\/(?:Length1|FontFile|Type1C|CIDFontType0C|OpenType|CMapName|XRef|Metadata|N\s+[134])\b/;
const SHOWS_TEXT = /[)>\]]\s*T[jJ]\b/;
const DICTIONARY_WINDOW = 1_200;

interface Stream {
  readonly dictionary: string;
  readonly bytes: Buffer;
}

function* streamsOf(file: Buffer): Generator<Stream> {
  let position = 0;
  for (let count = 0; ; ) {
    position = file.indexOf('stream', position);
    if (position < 0) return;
    if (file.toString('latin1', Math.max(0, position - 3), position) === 'end') {
      position += 6;
      continue;
    }
    if (++count > MAX_STREAMS) throw tooComplex('too many parts');
    let start = position + 6;
    if (file[start] === 13) start += 1;
    if (file[start] === 10) start += 1;
    const end = file.indexOf('endstream', start);
    const before = file.toString('latin1', Math.max(0, position - DICTIONARY_WINDOW), position);
    yield { dictionary: before.slice(Math.max(0, before.lastIndexOf(' obj'))), bytes: file.subarray(start, end < 0 ? file.length : end) };
    position = end < 0 ? file.length : end + 9;
  }
}

/** Unpacks within the budget; damaged data is left to the reader, which knows how to tell. */
function inflate(bytes: Buffer, budget: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, budget) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooComplex('it unpacks to an unusual size');
    return Buffer.alloc(0);
  }
}

function countOperators(content: Buffer): number {
  let count = 0;
  for (let at = content.indexOf('T'); at >= 0 && count <= MAX_OPERATORS; at = content.indexOf('T', at + 1)) {
    const next = content[at + 1];
    if (next === 0x6a || next === 0x4a || next === 0x64 || next === 0x6d) count += 1;
  }
  return count;
}

/**
 * Refuses files that would take minutes or gigabytes, before a PDF reader sees them: 1 MB of PDF can hold 1 GB of
 * instructions. Throws DocumentError. Its own cost is bounded by the budgets above. Tells whether a closer look is needed
 * to know that all of the text is seen.
 */
export function preflightPdf(file: Buffer): { readonly mayHide: boolean } {
  if (!file.subarray(0, 1_024).includes('%PDF-')) throw unreadable('it is not a PDF');
  let contentLeft = CONTENT_BUDGET;
  const screen = new PdfScreen();
  screen.parts(file);
  for (const { dictionary, bytes } of streamsOf(file)) {
    const isImage = /\/Subtype\s*\/Image/.test(dictionary);
    if (isImage && /\/(DCT|JPX|CCITTFax|JBIG2)Decode/.test(dictionary)) continue;
    const filters = dictionary.match(/\/(Flate|LZW|ASCII85|ASCIIHex|RunLength)Decode|\/Fl\b/g)?.length ?? 0;
    if (filters > 3) throw tooComplex('it is packed several times over');
    let content = bytes;
    for (let layer = 0; layer < Math.max(1, filters) && filters > 0; layer += 1) {
      const unpacked = inflate(content, isImage ? IMAGE_BUDGET : contentLeft);
      if (unpacked.length === 0) break;
      content = unpacked;
    }
    if (isImage && countOperators(content.subarray(0, 4_194_304)) < 5_000) continue;
    contentLeft -= content.length;
    if (contentLeft <= 0) throw tooComplex('it unpacks to an unusual size');
    if (countOperators(content) > MAX_OPERATORS) throw tooComplex('it draws an unusual amount of text');
    if (FONT.test(dictionary) && !SHOWS_TEXT.test(content.toString('latin1'))) continue;
    if (filters > 0 && content !== bytes) screen.parts(content);
    screen.content(content);
  }
  return { mayHide: screen.needsLook };
}

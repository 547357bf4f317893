import { tooComplex, unreadable } from './document-error.js';

/** A tag of a document as it passes by: `<w:p>` opens, `</w:p>` closes, `<w:br/>` does both. */
export interface XmlTag {
  readonly name: string;
  readonly attributes: string;
  readonly closes: boolean;
  readonly empty: boolean;
}

const TOKEN = /<(\/?)([A-Za-z][\w:.-]*)([^<>]*?)(\/?)>|([^<]+)|<[^>]*>/g;
const MAX_TOKENS = 1_500_000;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', nbsp: ' ' };

/** Replaces the character references that XML knows; others are left as they are, since no document type may be declared. */
export function decodeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|quot|apos|amp|nbsp));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()]!;
    const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

/**
 * Walks over XML without building a tree, so that neither depth nor entities cost anything.
 * Throws DocumentError for a document type declaration, which is where such attacks begin.
 */
export function walkXml(xml: string, onTag: (tag: XmlTag) => void, onText: (text: string) => void): void {
  if (/<!DOCTYPE/i.test(xml.slice(0, 4_096))) throw unreadable('it declares a document type');
  let tokens = 0;
  for (const match of xml.matchAll(TOKEN)) {
    if (++tokens > MAX_TOKENS) throw tooComplex('it has an unusual number of parts');
    if (match[2] !== undefined) onTag({ name: match[2], attributes: match[3]!, closes: match[1] === '/', empty: match[4] === '/' });
    else if (match[5] !== undefined) onText(match[5]);
  }
}

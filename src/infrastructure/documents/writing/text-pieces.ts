import bidiFactory, { type Bidi } from 'bidi-js';
import type { Face, FontFaces, Weight } from './font-faces.js';

export interface TextStyle {
  /** Points. */
  readonly size: number;
  readonly weight: Weight;
  readonly color: string;
}

/** Text in one style, as the author wrote it. */
export interface StyledText {
  readonly text: string;
  readonly style: TextStyle;
  readonly link?: string;
}

/** Text in one style and font that is drawn at once, in one direction. */
export interface Piece extends StyledText {
  readonly face: Face;
  /** The font turns the letters around itself. */
  readonly rightToLeft: boolean;
}

/** Invisible marks that keep a text among others from changing their order. */
const ISOLATE = { first: '\u2068', last: '\u2069' } as const;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const BETWEEN_LETTERS = /^[\p{P}\p{Z}]$/u;
const UNKNOWN = '?';

/** Its types describe another build of it. */
const bidi = (bidiFactory as unknown as () => Bidi)();

interface LeveledPiece extends StyledText {
  readonly face: Face;
  readonly level: number;
}

/** Cuts text where its font changes; characters that no font has become question marks. */
function cutByFont({ text, style, link }: StyledText, levels: Uint8Array | null, offset: number, faces: FontFaces): LeveledPiece[] {
  const pieces: { text: string; face: Face; level: number; style: TextStyle; link?: string }[] = [];
  let at = offset;
  for (const character of text) {
    const level = levels?.[at] ?? 0;
    at += character.length;
    const drawn = character === '\u00A0' ? ' ' : character;
    const last = pieces.at(-1);
    const goesOn = last?.face.drawsSpaces === true && BETWEEN_LETTERS.test(drawn) && last.face.font.hasGlyphForCodePoint(drawn.codePointAt(0)!);
    const face = goesOn ? last.face : faces.faceOf(drawn, style.weight);
    if (drawn === ISOLATE.first || drawn === ISOLATE.last || (!face && /^\p{Default_Ignorable_Code_Point}$/u.test(drawn))) continue;
    const shown = face ? drawn : UNKNOWN;
    const shownFace = face ?? faces.base(style.weight);
    if (last && last.face === shownFace && last.level === level) last.text += shown;
    else pieces.push({ text: shown, face: shownFace, level, style, link });
  }
  return pieces;
}

/** The pieces of text in the order of its letters, for measuring. */
export function piecesOf(texts: readonly StyledText[], faces: FontFaces): Piece[] {
  return texts.flatMap((text) => cutByFont(text, null, 0, faces)).map(({ level: _, ...piece }) => ({ ...piece, rightToLeft: RIGHT_TO_LEFT.test(piece.text) }));
}

/** Marks without letters are turned around here; for letters the font does it. */
function turned(piece: LeveledPiece): Piece {
  const { level, ...rest } = piece;
  if (level % 2 === 0) return { ...rest, rightToLeft: false };
  const mirrored = [...piece.text].map((character) => bidi.getMirroredCharacter(character) ?? character);
  const rightToLeft = RIGHT_TO_LEFT.test(piece.text);
  return { ...rest, text: rightToLeft ? mirrored.join('') : mirrored.reverse().join(''), rightToLeft };
}

/** The pieces of a line from left to right, as they are drawn, by the Unicode bidirectional algorithm. */
export function visualPieces(line: readonly StyledText[], direction: 'ltr' | 'rtl', faces: FontFaces): Piece[] {
  const whole = line.map(({ text }) => text).join('');
  if (direction === 'ltr' && !RIGHT_TO_LEFT.test(whole)) return piecesOf(line, faces);
  const { levels } = bidi.getEmbeddingLevels(whole, direction);
  let offset = 0;
  const pieces = line.flatMap((text) => {
    const cut = cutByFont(text, levels, offset, faces);
    offset += text.text.length;
    return cut;
  });
  for (let level = Math.max(0, ...pieces.map((piece) => piece.level)); level > 0; level -= 1) {
    for (let start = 0; start < pieces.length; start += 1) {
      let end = start;
      while (end < pieces.length && pieces[end]!.level >= level) end += 1;
      if (end > start) pieces.splice(start, end - start, ...pieces.slice(start, end).reverse());
      start = end;
    }
  }
  return pieces.map(turned);
}

/** The direction of a paragraph: that of the document where it has letters of that direction, else that of its first letter. */
export function directionOf(text: string, usual: 'ltr' | 'rtl'): 'ltr' | 'rtl' {
  const letter = /\p{L}/u.exec(text)?.[0];
  if (letter === undefined) return usual;
  return RIGHT_TO_LEFT.test(usual === 'rtl' ? text : letter) ? 'rtl' : 'ltr';
}

/** Texts that stand side by side without belonging together: each keeps the order of its own words. */
export const isolated = (texts: readonly StyledText[]): StyledText[] => texts.map((text) => (RIGHT_TO_LEFT.test(text.text) ? { ...text, text: `${ISOLATE.first}${text.text}${ISOLATE.last}` } : text));

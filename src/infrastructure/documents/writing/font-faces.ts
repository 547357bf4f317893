import { create, type Font } from 'fontkit';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { unhintedFont } from './unhinted-font.js';

export type Weight = 'regular' | 'bold';

interface FaceFiles {
  readonly files: Readonly<Record<Weight, string>>;
  readonly letters: RegExp | null;
  /** Whether spaces and marks between its letters are drawn with it as well, which keeps a phrase in one piece. */
  readonly drawsSpaces: boolean;
}

const PACKAGE = '@expo-google-fonts';
/** The first font draws everything it can; the others are read only where their letters occur. All are under the SIL Open Font License. */
const FACES: readonly FaceFiles[] = [
  { files: { regular: `${PACKAGE}/open-sans/400Regular/OpenSans_400Regular.ttf`, bold: `${PACKAGE}/open-sans/600SemiBold/OpenSans_600SemiBold.ttf` }, letters: null, drawsSpaces: true },
  { files: { regular: `${PACKAGE}/amiri/400Regular/Amiri_400Regular.ttf`, bold: `${PACKAGE}/amiri/700Bold/Amiri_700Bold.ttf` }, letters: /[\p{Script=Arabic}\u200C\u200D]/u, drawsSpaces: true },
  { files: { regular: `${PACKAGE}/nanum-gothic/400Regular/NanumGothic_400Regular.ttf`, bold: `${PACKAGE}/nanum-gothic/700Bold/NanumGothic_700Bold.ttf` }, letters: /[\p{Script=Hangul}\u3000-\u303F\uFF00-\uFFEF]/u, drawsSpaces: false },
];

const resolveFont = createRequire(import.meta.url).resolve;
const fileBytes = new Map<string, Buffer>();

function bytesOf(file: string): Buffer {
  const bytes = fileBytes.get(file) ?? unhintedFont(readFileSync(resolveFont(file)));
  fileBytes.set(file, bytes);
  return bytes;
}

/** A font of this document: its name there, and the font itself. */
export interface Face {
  readonly id: string;
  readonly font: Font;
  readonly drawsSpaces: boolean;
}

/**
 * The fonts of one document. They are opened anew for each: a font remembers which letter a shape stood for, and parts of
 * composed letters stand for none, so that a second document would hold letters that cannot be read back.
 */
export class FontFaces {
  private readonly opened = new Map<string, Face>();
  private readonly unknown = new Set<string>();
  private readonly chosen = { regular: new Map<string, Face | null>(), bold: new Map<string, Face | null>() };

  /** The font that draws the character; null where none has it. */
  faceOf(character: string, weight: Weight): Face | null {
    const known = this.chosen[weight].get(character);
    if (known !== undefined) return known;
    const face = this.find(character, weight);
    this.chosen[weight].set(character, face);
    if (!face && !/^\p{Default_Ignorable_Code_Point}$/u.test(character)) this.unknown.add(character);
    return face;
  }

  base(weight: Weight): Face {
    return this.open(0, weight);
  }

  /** The characters asked for that no font has. */
  get missing(): string {
    return [...this.unknown].join('');
  }

  private find(character: string, weight: Weight): Face | null {
    for (const [index, { letters }] of FACES.entries()) {
      if (letters && !letters.test(character)) continue;
      const face = this.open(index, weight);
      if (face.font.hasGlyphForCodePoint(character.codePointAt(0)!)) return face;
    }
    return null;
  }

  private open(index: number, weight: Weight): Face {
    const { files, drawsSpaces } = FACES[index]!;
    const id = files[weight];
    const known = this.opened.get(id);
    if (known) return known;
    const face = { id, font: create(bytesOf(id)) as Font, drawsSpaces };
    this.opened.set(id, face);
    return face;
  }
}

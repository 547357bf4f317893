import type { FontFaces } from './font-faces.js';
import type { Row } from './pdf-rows.js';
import { INDENT, MARGIN, RULE, STYLES } from './pdf-styles.js';
import { directionOf, piecesOf, visualPieces, type Piece, type StyledText } from './text-pieces.js';

type Element = PDFKit.PDFStructureElement;

/** From the top of a line to its baseline, for a size of 1 and the leading of the row. */
const ASCENT = 1.03;

/**
 * Without features PDFKit sets word after word, which turns the order of words around in text from the right. Kerning pushes
 * Arabic letters so far apart that programs read a space between them. (The font takes names or switches; names are declared.)
 */
const FROM_RIGHT = { kern: false } as unknown as PDFKit.Mixins.OpenTypeFeatures[];

/** Draws rows on the pages of a PDF and builds its structure tree on the way. */
export class PdfPen {
  private readonly root: Element;
  private readonly parts = new Map<object, Element>();
  private readonly lists = new Map<object, Element>();

  constructor(
    private readonly pdf: PDFKit.PDFDocument,
    private readonly faces: FontFaces,
    private readonly pageWidth: number,
    private readonly direction: 'ltr' | 'rtl',
  ) {
    this.root = pdf.struct('Document');
    pdf.addStructure(this.root);
  }

  /** The width of texts that stand one after the other, in points. */
  widthOf(texts: readonly StyledText[]): number {
    return this.pieceWidths(piecesOf(texts, this.faces));
  }

  /** Draws a row with its upper edge at `top`. */
  draw(row: Row, top: number): void {
    const largest = Math.max(...row.texts.map(({ style }) => style.size));
    const baseline = top + (row.height - 1.36 * largest) / 2 + ASCENT * largest;
    const pieces = visualPieces(row.texts, directionOf(row.texts.map(({ text }) => text).join(''), this.direction), this.faces);
    const ends = visualPieces(row.right, 'ltr', this.faces);
    const left = MARGIN.side;
    const right = this.pageWidth - MARGIN.side;
    const isMirrored = this.direction === 'rtl';
    if (row.ruled) this.rule(top + row.height + 1);
    const target = this.elementOf(row, baseline);
    this.pieces(target, pieces, isMirrored ? right - row.indent - this.pieceWidths(pieces) : left + row.indent, baseline);
    if (ends.length > 0) this.pieces(target, ends, isMirrored ? left : right - this.pieceWidths(ends), baseline);
  }

  private pieceWidths(pieces: readonly Piece[]): number {
    return pieces.reduce((sum, piece) => sum + this.use(piece).widthOfString(piece.text, this.optionsOf(piece)), 0);
  }

  private use({ face, style }: Piece): PDFKit.PDFDocument {
    // The declared type knows files only; an opened font is taken as well.
    return this.pdf.font(face.font as unknown as Buffer, face.id).fontSize(style.size);
  }

  private optionsOf({ rightToLeft }: Piece): PDFKit.Mixins.TextOptions {
    return rightToLeft ? { features: FROM_RIGHT, lineBreak: false } : { lineBreak: false };
  }

  /** The element that the words of the row belong to; with the first line of an item its bullet is drawn. */
  private elementOf(row: Row, baseline: number): Element {
    const known = this.parts.get(row.part);
    if (known) return known;
    const element = this.pdf.struct(row.list ? 'LBody' : row.role);
    this.parts.set(row.part, element);
    if (row.list) this.beginItem(row.list, baseline).add(element);
    else this.root.add(element);
    return element;
  }

  private beginItem(key: object, baseline: number): Element {
    const list = this.lists.get(key) ?? this.pdf.struct('L');
    if (!this.lists.has(key)) this.root.add(list);
    this.lists.set(key, list);
    const [item, label] = [this.pdf.struct('LI'), this.pdf.struct('Lbl')];
    list.add(item);
    item.add(label);
    const x = this.direction === 'rtl' ? this.pageWidth - MARGIN.side - INDENT + 4 : MARGIN.side + 1;
    this.pieces(label, visualPieces([{ text: '•', style: STYLES.bullet }], 'ltr', this.faces), x, baseline);
    return item;
  }

  private pieces(element: Element, pieces: readonly Piece[], x: number, baseline: number): void {
    let at = x;
    for (const piece of pieces) {
      const place = at;
      const width = this.pieceWidths([piece]);
      const target = piece.link === undefined ? element : this.pdf.struct('Link', { alt: piece.text });
      if (target !== element) element.add(target);
      target.add(() => {
        this.use(piece).fillColor(piece.style.color).text(piece.text, place, baseline, { ...this.optionsOf(piece), baseline: 'alphabetic' });
        // The area to click on is the line, not what stands below its baseline.
        if (piece.link !== undefined) this.pdf.link(place, baseline - piece.style.size, width, piece.style.size * 1.3, piece.link, { structParent: target } as object);
      });
      at += width;
    }
  }

  private rule(y: number): void {
    this.pdf.markContent('Artifact', { type: 'Layout' });
    this.pdf.moveTo(MARGIN.side, y).lineTo(this.pageWidth - MARGIN.side, y).lineWidth(RULE.width).strokeColor(RULE.color).stroke();
    this.pdf.endMarkedContent();
  }
}

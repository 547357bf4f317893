import { unreadable } from './document-error.js';
import { WordVisibility } from './docx-visibility.js';
import { cleanText, HiddenLines, plainLine, TEXT_LIMIT, type ExtractedDocument, type TextLine } from './text-line.js';
import { decodeXml, walkXml, type XmlTag } from './xml-text.js';
import { ZipReader } from './zip-reader.js';

interface Paragraph {
  text: string;
  hidden: string;
  size: number;
  bold: boolean;
  bullet: boolean;
  heading: boolean;
}

const valueOf = (tag: XmlTag): string | undefined => /w:val="([^"]*)"/.exec(tag.attributes)?.[1];
const newParagraph = (): Paragraph => ({ text: '', hidden: '', size: 0, bold: false, bullet: false, heading: false });

/** Collects the lines of a Word document while its tags pass by. The cells of an outer table row become segments of one line. */
class WordCollector {
  readonly lines: TextLine[] = [];
  readonly hidden = new HiddenLines();
  private paragraph: Paragraph | null = null;
  private inText = false;
  private tableDepth = 0;
  private row: TextLine[][] | null = null;
  private cell: TextLine[] | null = null;
  private characters = 0;

  constructor(private readonly visibility: WordVisibility) {}

  tag(tag: XmlTag): void {
    this.visibility.tag(tag);
    switch (tag.name) {
      case 'w:tbl':
        this.tableDepth += tag.closes ? -1 : 1;
        break;
      case 'w:tr':
        if (this.tableDepth === 1) this.tableRow(tag.closes);
        break;
      case 'w:tc':
        if (this.tableDepth === 1) this.tableCell(tag.closes);
        break;
      case 'w:p':
        if (tag.closes) this.endParagraph(null);
        else this.paragraph = tag.empty ? null : newParagraph();
        break;
      case 'w:t':
        this.inText = !tag.closes && !tag.empty;
        break;
      default:
        if (this.paragraph && !tag.closes) this.format(this.paragraph, tag);
    }
  }

  text(text: string): void {
    if (this.inText && this.paragraph && this.characters < TEXT_LIMIT) {
      this.paragraph[this.visibility.hides ? 'hidden' : 'text'] += text;
      this.characters += text.length;
    }
  }

  private format(paragraph: Paragraph, tag: XmlTag): void {
    switch (tag.name) {
      case 'w:pStyle':
        paragraph.heading ||= /^(Heading\d|Title|Subtitle)$/i.test(valueOf(tag) ?? '');
        paragraph.bullet ||= /^List(Paragraph|Bullet)/i.test(valueOf(tag) ?? '');
        break;
      case 'w:numPr':
        paragraph.bullet = true;
        break;
      case 'w:b':
        paragraph.bold ||= !/^(0|false)$/.test(valueOf(tag) ?? '');
        break;
      case 'w:sz':
        paragraph.size = Math.max(paragraph.size, Number(valueOf(tag) ?? 0) / 2);
        break;
      case 'w:tab':
        // With a value it is a tab stop of the style, not a tab in the text.
        if (valueOf(tag) === undefined) paragraph.text += '\t';
        break;
      case 'w:noBreakHyphen':
        paragraph.text += '-';
        break;
      case 'w:br':
      case 'w:cr':
        this.endParagraph({ ...paragraph, text: '', hidden: '' });
        break;
      default:
    }
  }

  private endParagraph(next: Paragraph | null): void {
    const { paragraph } = this;
    this.paragraph = next;
    if (!paragraph) return;
    this.hidden.add(decodeXml(paragraph.hidden), this.lines.length);
    const segments = paragraph.text.split('\t').flatMap((part) => part.split(/ {3,}/)).map((part) => cleanText(decodeXml(part))).filter((part) => part !== '');
    if (segments.length === 0) return;
    const line = plainLine(segments, { height: paragraph.size || (paragraph.heading ? 16 : 11), bold: paragraph.bold || paragraph.heading, bullet: paragraph.bullet });
    (this.cell ?? this.lines).push(line);
  }

  private tableCell(closes: boolean): void {
    if (!closes) {
      this.cell = [];
    } else if (this.row && this.cell) {
      this.row.push(this.cell);
      this.cell = null;
    }
  }

  private tableRow(closes: boolean): void {
    if (!closes) {
      this.row = [];
      return;
    }
    const cells = this.row ?? [];
    this.row = null;
    const count = Math.max(0, ...cells.map((cell) => cell.length));
    for (let index = 0; index < count; index += 1) {
      const parts = cells.flatMap((cell) => cell[index] ?? []);
      const last = parts.at(-1);
      if (last) this.lines.push({ ...last, segments: parts.flatMap((part) => part.segments), places: parts.flatMap((part) => part.places), text: parts.map((part) => part.text).join('  '), bullet: parts.length === 1 && last.bullet });
    }
  }
}

/** Link targets of the document, from its relationships. */
function wordLinks(zip: ZipReader): string[] {
  const relations = zip.text('word/_rels/document.xml.rels') ?? '';
  return [...relations.matchAll(/<Relationship\b[^>]*\bTarget="([^"]{1,2000})"[^>]*>/g)].filter((match) => match[0].includes('/hyperlink"')).map((match) => decodeXml(match[1]!)).slice(0, 200);
}

/** The text of a DOCX file. Throws DocumentError. */
export function docxLines(file: Buffer): ExtractedDocument {
  const zip = new ZipReader(file);
  const xml = zip.text('word/document.xml');
  if (xml === null) throw unreadable('it is not a Word document');
  const collector = new WordCollector(new WordVisibility(zip.text('word/styles.xml') ?? '', xml));
  walkXml(xml, (tag) => collector.tag(tag), (text) => collector.text(text));
  return { lines: collector.lines, hidden: collector.hidden.found, links: wordLinks(zip), pages: 1 };
}

import { AlignmentType, BorderStyle, Document, ExternalHyperlink, HeadingLevel, LevelFormat, Packer, Paragraph, Tab, TabStopType, TextRun as WordRun, type IParagraphOptions, type ParagraphChild } from 'docx';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { joinDetails, type Block, type DocumentModel, type PageSize, type TextRun } from './document-model.js';
import { directionOf } from './text-pieces.js';

const INK = '1F2328';
const GREY = '57606A';
const ACCENT = '1F4F7A';
const BULLETS = 'bullets';
/** Fonts that every office program has or replaces by one of the same widths. */
const FONT = { ascii: 'Calibri', hAnsi: 'Calibri', cs: 'Arial', eastAsia: 'Malgun Gothic' };
/** Twentieths of a point. */
const PAGE_SIZES: Readonly<Record<PageSize, { width: number; height: number }>> = { A4: { width: 11_906, height: 16_838 }, Letter: { width: 12_240, height: 15_840 } };
const MARGIN = { side: 1_120, end: 1_000 };
const CREATED = '2000-01-01T00:00:00Z';
/** The first day that a ZIP file can name, in the time of the place, as ZIP has it. */
const ZIP_TIME = new Date(1980, 0, 1);
const LANGUAGES: Readonly<Record<string, string>> = { ar: 'ar-SA', en: 'en-US', fa: 'fa-IR', he: 'he-IL', ur: 'ur-PK' };

/** Half points, as Word counts sizes of letters. */
interface Look {
  readonly size?: number;
  readonly color?: string;
  readonly bold?: boolean;
}

const isRightToLeft = (text: string): boolean => directionOf(text, 'ltr') === 'rtl';
const wordText = (text: string): string => text.replace(/\u00A0/g, ' ');
const wordRun = (text: string, look: Look): WordRun =>
  new WordRun({ text: wordText(text), ...look, ...(look.size === undefined ? {} : { sizeComplexScript: look.size }), boldComplexScript: look.bold, rightToLeft: isRightToLeft(text) || undefined });

function childrenOf(runs: readonly TextRun[], look: Look = {}): ParagraphChild[] {
  return runs.map(({ text, bold, muted, link }) => {
    const color = muted ? GREY : link === undefined ? look.color : ACCENT;
    const run = wordRun(text, { ...look, ...(color === undefined ? {} : { color }), ...(bold ? { bold } : {}) });
    return link === undefined ? run : new ExternalHyperlink({ link, children: [run] });
  });
}

/** Builds the paragraphs of a document. */
class WordWriter {
  constructor(
    private readonly model: DocumentModel,
    private readonly width: number,
  ) {}

  paragraphs(): Paragraph[] {
    return this.model.blocks.flatMap((block) => this.blockOf(block));
  }

  private paragraph(options: IParagraphOptions): Paragraph {
    return new Paragraph({ ...options, bidirectional: this.model.direction === 'rtl' || undefined });
  }

  private blockOf(block: Block): Paragraph[] {
    switch (block.kind) {
      case 'title':
        return [
          this.paragraph({ heading: HeadingLevel.TITLE, keepNext: true, children: [wordRun(block.text, {})] }),
          ...(block.subtitle === undefined || block.subtitle === '' ? [] : [this.paragraph({ keepNext: true, spacing: { after: 40 }, children: [wordRun(block.subtitle, { size: 25, color: ACCENT })] })]),
        ];
      case 'heading':
        return [this.paragraph({ heading: HeadingLevel.HEADING_1, keepNext: true, children: [wordRun(block.text, {})] })];
      case 'details':
        return [this.paragraph({ spacing: { before: 60, after: 40 }, children: childrenOf(joinDetails(block.items), { size: 19, color: GREY }) })];
      case 'keyLine':
        return [this.keyLine(block)];
      case 'list':
        return block.items.map((runs) => this.paragraph({ style: 'ListParagraph', numbering: { reference: BULLETS, level: 0 }, children: childrenOf(runs) }));
      default:
        return [this.paragraph({ spacing: { before: block.apart ? 200 : 80 }, children: childrenOf(block.runs) })];
    }
  }

  private keyLine({ runs, right, first }: Extract<Block, { kind: 'keyLine' }>): Paragraph {
    const end = right === undefined || right === '' ? [] : [new WordRun({ children: [new Tab()] }), wordRun(right, { size: 19, color: GREY })];
    return this.paragraph({ keepNext: true, keepLines: true, spacing: { before: first ? 160 : 0 }, tabStops: [{ type: TabStopType.END, position: this.width }], children: [...childrenOf(runs), ...end] });
  }
}

/** The library gives links random names and files the time of day; the same document shall be the same bytes. */
function withoutChance(file: Uint8Array): Buffer {
  const parts = unzipSync(file);
  const names = new Map<string, string>();
  const renamed = (xml: string): string => xml.replace(/\brId[\w-]{21}(?=")/g, (name) => names.get(name) ?? names.set(name, `rIdLink${names.size + 1}`).get(name)!);
  const files = Object.entries(parts).map(([path, bytes]) => {
    const text = strFromU8(bytes);
    const fixed = path === 'docProps/core.xml' ? text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, CREATED) : /^word\/(document\.xml|_rels\/document\.xml\.rels)$/.test(path) ? renamed(text) : text;
    return [path, fixed === text ? bytes : strToU8(fixed)] as const;
  });
  return Buffer.from(zipSync(Object.fromEntries(files), { mtime: ZIP_TIME, level: 9 }));
}

const STYLES = (language: string) => ({
  default: {
    document: { run: { font: FONT, size: 21, sizeComplexScript: 21, color: INK, language: { value: LANGUAGES[language] ?? language, bidirectional: LANGUAGES[language] ?? 'ar-SA' } }, paragraph: { spacing: { line: 276 } } },
    title: { run: { size: 50, sizeComplexScript: 50, bold: true, boldComplexScript: true, color: INK, font: FONT }, paragraph: { spacing: { after: 0 } } },
    heading1: {
      run: { size: 25, sizeComplexScript: 25, bold: true, boldComplexScript: true, color: ACCENT, font: FONT },
      paragraph: { spacing: { before: 280, after: 60 }, border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 2, color: 'B6C2CE' } } },
    },
    listParagraph: { paragraph: { spacing: { before: 30 } } },
  },
});

/** Writes a Word document with true headings, lists and links, which people can go on working with. */
export async function writeDocx(model: DocumentModel): Promise<Buffer> {
  const size = PAGE_SIZES[model.page];
  const margin = { top: MARGIN.end, bottom: MARGIN.end, left: MARGIN.side, right: MARGIN.side };
  const writer = new WordWriter(model, size.width - 2 * MARGIN.side);
  const document = new Document({
    title: model.title, creator: model.author, lastModifiedBy: model.author, styles: STYLES(model.language),
    numbering: { config: [{ reference: BULLETS, levels: [{ level: 0, format: LevelFormat.BULLET, text: '•', alignment: AlignmentType.START, style: { paragraph: { indent: { left: 300, hanging: 240 } }, run: { color: ACCENT } } }] }] },
    sections: [{ properties: { page: { size, margin } }, children: writer.paragraphs() }],
  });
  return withoutChance(await Packer.toBuffer(document));
}

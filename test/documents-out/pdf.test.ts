import { describe, expect, it } from '@jest/globals';
import { getDocumentProxy } from 'unpdf';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { coverLetterDocument } from '../../src/features/resume-analysis/documents/cover-letter-document.js';
import { resumeDocument } from '../../src/features/resume-analysis/documents/resume-document.js';
import type { ResumeRecord } from '../../src/features/resume-analysis/parser/json-resume.js';
import { writeDocument } from '../../src/infrastructure/documents/writing/write-document.js';
import { LETTER, PEOPLE } from './people.js';
import { pdfText } from './read-back.js';

const { record } = PEOPLE[0]!;
const writePdf = async (resume: ResumeRecord): Promise<Buffer> => (await writeDocument(resumeDocument(resume, { language: 'pl' }), 'pdf')).content;
const open = (content: Buffer): Promise<PDFDocumentProxy> => getDocumentProxy(new Uint8Array(content), { verbosity: 0 });

interface Node {
  readonly role?: string;
  readonly alt?: string;
  readonly children?: readonly Node[];
}

/** The roles of a structure tree in reading order, with those inside in brackets. */
const outline = ({ role, children = [] }: Node): string => {
  const inner = children.map(outline).filter((text) => text !== '');
  return role === undefined ? inner.join(' ') : inner.length === 0 ? role : `${role}(${inner.join(' ')})`;
};

const longRecord: ResumeRecord = {
  ...record,
  work: Array.from({ length: 24 }, (_, index) => ({
    name: `Company ${index}`, position: 'Engineer', startDate: String(1980 + index), endDate: String(1981 + index),
    highlights: Array.from({ length: (index % 5) + 1 }, (__, line) => `Achievement ${line} ${'that takes more than one line of the page '.repeat((3 * index + line) % 13)}`),
  })),
};

describe('a written PDF', () => {
  it('has a structure tree for screen readers', async () => {
    const document = await open(await writePdf(record));
    expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
    const tree = (await (await document.getPage(1)).getStructTree()) as Node;
    const roles = outline(tree);
    expect(roles).toMatch(/^Root\(Document\(H1 P P\(Link Link Link Link\) H2 P H2 P P L\(LI\(Lbl LBody\) LI\(Lbl LBody\)\) P P/);
    expect(roles.match(/H2/g)).toHaveLength(5);
  });

  it('names its language, title and author', async () => {
    const content = await writePdf(record);
    const { info } = await (await open(content)).getMetadata();
    expect(info).toMatchObject({ Language: 'pl', Title: 'Łucja Nguyễn – Resume', Author: 'Łucja Nguyễn' });
    expect(content.toString('latin1')).toMatch(/pdfuaid:part>1/);
  });

  it('has links that can be clicked', async () => {
    const annotations = (await (await (await open(await writePdf(record))).getPage(1)).getAnnotations()) as { url?: string }[];
    expect(annotations.map(({ url }) => url)).toEqual(['mailto:lucja.nguyen@example.pl', 'tel:+48601234567', 'https://lucja.example/', 'https://www.linkedin.com/in/lucja-nguyen']);
  });

  it('is the same bytes for the same record', async () => {
    const [first, second] = [await writePdf(record), await writePdf(record)];
    expect(first.equals(second)).toBe(true);
    expect((await writePdf({ ...record, skills: [] })).equals(first)).toBe(false);
  });

  it('embeds only what it uses of fonts', async () => {
    const content = await writePdf(record);
    expect(content.length).toBeLessThan(40 * 1_024);
    expect(content.toString('latin1')).not.toContain('/BaseFont /Helvetica');
  });

  it('leaves no heading at the foot of a page', async () => {
    const pages = pdfText(await writePdf(longRecord), '-layout').split('\f').filter((page) => page.trim() !== '');
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages.slice(0, -1)) {
      const last = page.trimEnd().split('\n').at(-1)!;
      expect(last).not.toMatch(/^\s*(Company|Engineer|Experience|Education)/);
    }
  });

  it('keeps two lines of a paragraph together', async () => {
    const goesOn = (line: string | undefined): boolean => /^\s+\S/.test(line ?? '');
    const pages = pdfText(await writePdf(longRecord), '-layout').split('\f').map((page) => page.split('\n').filter((line) => line.trim() !== '')).filter((page) => page.length > 0);
    const broken = pages.slice(1).map((page, index) => [pages[index]!.at(-1), page[0], page[1]]).filter(([, first]) => goesOn(first));
    expect(broken.length).toBeGreaterThan(0);
    for (const [before, first, second] of broken) expect([first, goesOn(before), goesOn(second)]).toEqual([first, true, true]);
  });

  it.each([['A4', 595.28, 841.89], ['Letter', 612, 792]] as const)('has pages of the size %s', async (page, width, height) => {
    const { content } = await writeDocument(resumeDocument(record, { page }), 'pdf');
    const { view } = await (await open(content)).getPage(1);
    expect(view).toEqual([0, 0, width, height]);
  });

  it('tells which characters no font has', async () => {
    const { content, missing } = await writeDocument(resumeDocument({ ...record, basics: { ...record.basics, summary: 'Speaks 日本語 daily' } }), 'pdf');
    expect(missing).toBe('日本語');
    expect(pdfText(content)).toContain('Speaks ??? daily');
  });

  it('holds a cover letter in its order', async () => {
    const { content } = await writeDocument(coverLetterDocument(LETTER), 'pdf');
    const text = pdfText(content).replace(/\s+/g, ' ');
    const parts = [LETTER.sender.name, LETTER.date!, ...LETTER.recipient, LETTER.subject!, LETTER.greeting, ...LETTER.paragraphs, LETTER.closing, LETTER.sender.name];
    let from = 0;
    for (const part of parts) {
      const found = text.indexOf(part, from);
      expect([part, found >= from]).toEqual([part, true]);
      from = found + part.length;
    }
  });
});

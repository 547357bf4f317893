import { describe, expect, it } from '@jest/globals';
import { coverLetterDocument } from '../../src/features/resume-analysis/documents/cover-letter-document.js';
import { resumeDocument } from '../../src/features/resume-analysis/documents/resume-document.js';
import { docxLines } from '../../src/infrastructure/documents/docx-lines.js';
import { ZipReader } from '../../src/infrastructure/documents/zip-reader.js';
import { writeDocument } from '../../src/infrastructure/documents/writing/write-document.js';
import { LETTER, PEOPLE } from './people.js';
import { docxText, wordsMissing } from './read-back.js';

const { record } = PEOPLE[0]!;
const writeDocx = async (person = PEOPLE[0]!): Promise<Buffer> => (await writeDocument(resumeDocument(person.record, { language: person.language }), 'docx')).content;
const partOf = (content: Buffer, name: string): string => new ZipReader(content).text(name) ?? '';

describe('a written DOCX', () => {
  it('is the same bytes for the same record', async () => {
    expect((await writeDocx()).equals(await writeDocx())).toBe(true);
  });

  it('has true headings, lists and tab stops', async () => {
    const xml = partOf(await writeDocx(), 'word/document.xml');
    expect(xml.match(/<w:pStyle w:val="Title"\/>/g)).toHaveLength(1);
    expect(xml.match(/<w:pStyle w:val="Heading1"\/>/g)).toHaveLength(5);
    expect(xml.match(/<w:numPr>/g)).toHaveLength(3);
    expect(xml.match(/<w:tab w:val="end"/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('has links that can be clicked', async () => {
    const { links } = docxLines(await writeDocx());
    expect(links).toEqual(['mailto:lucja.nguyen@example.pl', 'tel:+48601234567', 'https://lucja.example/', 'https://www.linkedin.com/in/lucja-nguyen']);
  });

  it('names title, author and language', async () => {
    const content = await writeDocx();
    expect(partOf(content, 'docProps/core.xml')).toContain('<dc:title>Łucja Nguyễn – Resume</dc:title>');
    expect(partOf(content, 'docProps/core.xml')).toContain('<dc:creator>Łucja Nguyễn</dc:creator>');
    expect(partOf(content, 'word/styles.xml')).toMatch(/<w:lang [^>]*w:val="pl"/);
  });

  it('begins at the right in Hebrew', async () => {
    const xml = partOf(await writeDocx(PEOPLE.find(({ script }) => script === 'Hebrew')), 'word/document.xml');
    expect(xml.match(/<w:bidi\/>/g)?.length).toBe(xml.match(/<w:p>/g)?.length);
    expect(xml).toContain('<w:rtl/>');
  });

  it('holds every word of a letter', async () => {
    const { content } = await writeDocument(coverLetterDocument(LETTER), 'docx');
    const { sender, ...rest } = LETTER;
    expect(wordsMissing([sender.name, rest], docxText(content))).toEqual([]);
  });

  it('has no space that programs cannot break', async () => {
    expect(partOf(await writeDocx(), 'word/document.xml')).not.toContain('\u00A0');
    expect(docxText(await writeDocx())).toContain(record.skills[2]!.name);
  });
});

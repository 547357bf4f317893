import { describe, expect, it } from '@jest/globals';
import { resumeDocument } from '../../src/features/resume-analysis/documents/resume-document.js';
import type { ResumeRecord } from '../../src/features/resume-analysis/parser/json-resume.js';
import { docxLines } from '../../src/infrastructure/documents/docx-lines.js';
import { writeDocument } from '../../src/infrastructure/documents/writing/write-document.js';
import { ZipReader } from '../../src/infrastructure/documents/zip-reader.js';
import { PEOPLE } from './people.js';
import { docxText, pdfText, stringsOf } from './read-back.js';

const { record } = PEOPLE[0]!;

/** The person with the text wherever a text may stand. */
function everywhere(text: string): ResumeRecord {
  const basics = { ...record.basics, name: `Ann ${text}`, label: text, summary: `Begin ${text} end`, email: `${text}@example.com`, phone: text, url: text, profiles: [{ url: `https://${text}` }], location: { city: text } };
  const entry = { startDate: text, endDate: text, location: text, summary: text, highlights: [text, 'kept'] };
  return {
    basics, work: [{ name: text, position: text, ...entry }], education: [{ institution: text, studyType: text, area: text, score: text, courses: [text] }], skills: [{ name: text, keywords: [text] }, { name: text }],
    projects: [{ name: text, description: text, url: text }], volunteer: [{ organization: text, position: text, ...entry }], certificates: [{ name: text, issuer: text, date: text, url: text }],
    awards: [{ title: text, awarder: text }], publications: [{ name: text, publisher: text, url: text }], languages: [{ language: text, fluency: text }],
  };
}

const HOSTILE: readonly (readonly [string, string])[] = [
  ['control characters', 'a\u0000b\u0001c\u0008d\u000Be\u000Cf\u001Bg\u007Fh\u0085i'],
  ['halves of characters', 'a\uD800b\uDC00c\uDFFF'],
  ['marks of XML', `]]></w:t><w:t>&amp;&lt;<!--<?xml "'>&#0;`],
  ['marks of PDF', '(a) Tj ET \\) endstream endobj %%EOF <</Type/Catalog>> \\'],
  ['turned directions', 'a\u202Eb\u2067c\u200Fd\u2066'],
  ['no characters', 'a\uFFFEb\uFFFFc\u{1FFFF}d'],
  ['piled accents', `a${'\u0301'.repeat(500)}b`],
  ['pictures', '👩‍👩‍👧‍👦 🇺🇦 \u{E0041}'],
  ['line breaks', 'a\r\nb\nc\u2028d\u2029e\tf'],
  ['nothing', ''],
  ['spaces only', ' \u00A0 \u3000 '],
];

describe('hostile text', () => {
  it.each(HOSTILE)('with %s leaves a whole PDF', async (_name, text) => {
    const { content } = await writeDocument(resumeDocument(everywhere(text)), 'pdf');
    expect(pdfText(content)).toMatch(/Begin[^]*end[^]*kept/);
  });

  it.each(HOSTILE)('with %s leaves a whole DOCX', async (_name, text) => {
    const { content } = await writeDocument(resumeDocument(everywhere(text)), 'docx');
    expect(docxText(content)).toMatch(/Begin[^]*end[^]*kept/);
    const xml = new ZipReader(content).text('word/document.xml')!;
    expect(xml).not.toMatch(/\p{Cs}/u);
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\u202A-\u202E]/);
    expect(xml.match(/<w:p>/g)?.length).toBe(xml.match(/<\/w:p>/g)?.length);
  });

  it('of 50,000 letters is broken into lines', async () => {
    const long = { ...record, basics: { ...record.basics, summary: 'Ø'.repeat(50_000) } };
    const pdf = await writeDocument(resumeDocument(long), 'pdf');
    expect(pdfText(pdf.content).match(/Ø/g)).toHaveLength(50_000);
    const widest = Math.max(...pdfText(pdf.content, '-layout').split('\n').map((line) => line.length));
    expect(widest).toBeLessThan(160);
    expect(docxText((await writeDocument(resumeDocument(long), 'docx')).content)).toContain('Ø'.repeat(50_000));
  });

  it('beyond what anybody reads is refused', async () => {
    const endless = { ...record, basics: { ...record.basics, summary: 'word '.repeat(80_000) } };
    await expect(writeDocument(resumeDocument(endless), 'pdf')).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LONG' });
  });

  it('cannot become a link that runs', async () => {
    const links = ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'https://fine.example/a'];
    const linked = { ...record, basics: { ...record.basics, url: '', profiles: links.map((url) => ({ url })) } };
    const { content } = await writeDocument(resumeDocument(linked), 'docx');
    expect(docxLines(content).links.filter((link) => !/^(mailto|tel):/.test(link))).toEqual(['https://fine.example/a']);
    expect(stringsOf(pdfText((await writeDocument(resumeDocument(linked), 'pdf')).content)).join('')).toContain('fine.example/a');
  });
});

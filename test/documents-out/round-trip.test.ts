import { describe, expect, it } from '@jest/globals';
import { resumeDocument } from '../../src/features/resume-analysis/documents/resume-document.js';
import type { ResumeRecord } from '../../src/features/resume-analysis/parser/json-resume.js';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';
import type { WrittenFormat } from '../../src/infrastructure/documents/writing/document-model.js';
import { writeDocument } from '../../src/infrastructure/documents/writing/write-document.js';
import { PEOPLE } from './people.js';
import { docxText, pdfText, wordsMissing } from './read-back.js';

const FORMATS: readonly WrittenFormat[] = ['pdf', 'docx'];
const CASES = PEOPLE.flatMap((person) => FORMATS.map((format) => [person.script, format, person] as const));
const digits = (text: string): string => text.replace(/\D/g, '');
const bare = (url: string): string => url.replace(/^https?:\/\/(www\.)?/, '');

/** The record as the parser gives it: degree and subject in one, since it knows the degrees of some languages only. */
function comparable({ basics, work, education, skills }: ResumeRecord): unknown {
  return {
    name: basics.name, email: basics.email, phone: digits(basics.phone), pages: [basics.url, ...basics.profiles.map(({ url }) => url)].filter((url) => url !== '').map(bare).sort(),
    work: work.map(({ name, position, startDate, endDate }) => ({ name, position, startDate, endDate })),
    education: education.map(({ institution, studyType, area, startDate, endDate }) => ({ institution, study: `${studyType} ${area}`.replace(/:/g, '').trim(), startDate, endDate })),
    skills: skills.flatMap(({ name, keywords = [] }) => [name, ...keywords]),
  };
}

describe('a written resume', () => {
  it.each(CASES)('in %s is read back from %s', async (_script, format, { record, language }) => {
    const { content, missing } = await writeDocument(resumeDocument(record, { language }), format);
    expect(missing).toBe('');
    const { record: read } = await readResume(content);
    expect(comparable(read)).toEqual(comparable(record));
  });

  it.each(CASES)('in %s keeps every word in %s', async (_script, format, { record, language }) => {
    const { content } = await writeDocument(resumeDocument(record, { language }), format);
    expect(wordsMissing(record, format === 'pdf' ? pdfText(content) : docxText(content))).toEqual([]);
  });

  it('keeps its letters when many are written', async () => {
    const { record } = PEOPLE[0]!;
    const named = (name: string): ResumeRecord => ({ ...record, basics: { ...record.basics, name, summary: name } });
    // The first holds Ž and Ý, of which Z and Y are parts, but neither letter itself.
    await writeDocument(resumeDocument({ ...named('ŽÝŠĚ'), work: [], education: [], skills: [] }), 'pdf');
    const { content } = await writeDocument(resumeDocument(named('ZYSE')), 'pdf');
    expect(wordsMissing('ZYSE', pdfText(content))).toEqual([]);
  });
});

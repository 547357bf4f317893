import { describe, expect, it } from '@jest/globals';
import { compareRecords, diffWords, type SectionDiff } from '../../src/features/resume-analysis/documents/compare-records.js';
import type { ResumeRecord } from '../../src/features/resume-analysis/parser/json-resume.js';
import { PEOPLE } from './people.js';

const { record } = PEOPLE[0]!;
const sectionOf = (diff: readonly SectionDiff[], name: string): SectionDiff => diff.find(({ section }) => section === name)!;

function withHighlights(...highlights: readonly string[]): ResumeRecord {
  const [first, ...rest] = record.work;
  return { ...record, work: [{ ...first!, highlights }, ...rest] };
}

describe('comparing two records', () => {
  it('finds nothing where nothing changed', () => {
    const diff = compareRecords(record, record);
    expect(diff.map(({ section }) => section)).toEqual(['contact', 'summary', 'experience', 'education', 'skills', 'languages']);
    expect(diff.every(({ changed, lines }) => !changed && lines.every(({ kind }) => kind === 'same'))).toBe(true);
  });

  it('shows the words that changed in a line', () => {
    const diff = compareRecords(withHighlights('Led a team of five engineers'), withHighlights('Led a team of eight engineers and two designers'));
    const changed = sectionOf(diff, 'experience').lines.filter(({ kind }) => kind !== 'same');
    expect(changed).toEqual([{
      kind: 'changed', before: 'Led a team of five engineers', after: 'Led a team of eight engineers and two designers',
      parts: [
        { kind: 'same', text: 'Led a team of ' }, { kind: 'removed', text: 'five' }, { kind: 'added', text: 'eight' }, { kind: 'same', text: ' engineers' }, { kind: 'added', text: ' and two designers' },
      ],
    }]);
  });

  it('tells added and removed lines apart', () => {
    const diff = compareRecords(withHighlights('Kept as it was', 'Sang in the choir'), withHighlights('Kept as it was', 'Wrote 40 runbooks for operations'));
    expect(sectionOf(diff, 'experience').lines.filter(({ kind }) => kind !== 'same')).toEqual([{ kind: 'removed', text: 'Sang in the choir' }, { kind: 'added', text: 'Wrote 40 runbooks for operations' }]);
  });

  it('shows sections that came or went', () => {
    const diff = compareRecords({ ...record, languages: [] }, { ...record, basics: { ...record.basics, summary: '' } });
    expect(sectionOf(diff, 'languages').lines.map(({ kind }) => kind)).toEqual(['added']);
    expect(sectionOf(diff, 'summary').lines.map(({ kind }) => kind)).toEqual(['removed']);
  });

  it.each(PEOPLE.map(({ script, record: person }) => [script, person.basics.summary!] as const))('keeps words whole in %s', (_script, text) => {
    const words = text.split(' ');
    const parts = diffWords(text, [...words.slice(0, 2), 'new', ...words.slice(3)].join(' '));
    expect(parts.filter(({ kind }) => kind === 'removed').map((part) => part.text)).toEqual([words[2]]);
    expect(parts.filter(({ kind }) => kind !== 'added').map((part) => part.text).join('')).toBe(text);
  });

  it('ends soon for texts without likeness', () => {
    const numbers = (from: number): string => Array.from({ length: 20_000 }, (_, index) => String(from + 2 * index)).join(' ');
    expect(diffWords(numbers(0), numbers(1))).toHaveLength(2);
    const lines = (from: number): ResumeRecord => withHighlights(...Array.from({ length: 3_000 }, (_, index) => `Item ${from + 2 * index}`));
    expect(sectionOf(compareRecords(lines(0), lines(1)), 'experience').lines.length).toBeGreaterThan(3_000);
  });
});

import { describe, expect, it } from '@jest/globals';
import { foldText } from '../../../src/features/resume-analysis/scoring/fold-text.js';
import { prepareRubric } from '../../../src/features/resume-analysis/scoring/prepared-rubric.js';
import { scoreResume } from '../../../src/features/resume-analysis/scoring/score-resume.js';
import type { JobRequirements, Score } from '../../../src/features/resume-analysis/scoring/score.js';
import { formsOf } from '../../../src/features/resume-analysis/scoring/skill-names.js';
import { randomNumbers } from '../../chaos/random.js';
import { inventedJob, inventedResume, NOW, pairs, pick, type Resume } from './pairs.js';

const PAIRS = 1_000;
const score = ({ record, text }: Resume, requirements: JobRequirements): Score => scoreResume(prepareRubric(requirements), record, text, NOW);
const withLine = ({ record, text }: Resume, line: string, at = text.lines.length): Resume => ({ record, text: { ...text, lines: text.lines.toSpliced(at, 0, line) } });
const statement = (label: string): string => `Three years of daily work on ${label}`;

/** Replaces texts in the lines and in the record alike. */
function swapped({ record, text }: Resume, swaps: readonly (readonly [string, string])[]): Resume {
  const swap = (value: string): string => swaps.reduce((result, [from, to]) => result.replaceAll(from, to), value);
  return { record: JSON.parse(JSON.stringify(record), (_, value: unknown) => (typeof value === 'string' ? swap(value) : value)), text: { lines: text.lines.map(swap) } };
}

describe('a score', () => {
  it('never falls when a must-have is added', () => {
    const random = randomNumbers(1);
    let [fallen, still] = [0, 0];
    for (const { resume, requirements } of pairs(2, PAIRS)) {
      const before = score(resume, requirements);
      const { label } = pick(random, requirements.criteria);
      const unmet = before.parts.find(({ kind, evidence }) => kind === 'must' && evidence === null);
      const at = Math.floor(random() * (resume.text.lines.length + 1));
      if (score(withLine(resume, statement(label), at), requirements).score < before.score) fallen += 1;
      if (unmet && score(withLine(resume, statement(unmet.label)), requirements).score <= before.score) still += 1;
    }
    expect({ fallen, still }).toEqual({ fallen: 0, still: 0 });
  });

  it('is the same bytes for the same input', () => {
    for (const { resume, requirements } of pairs(3, 300)) expect(JSON.stringify(score(resume, requirements))).toBe(JSON.stringify(score(structuredClone(resume), structuredClone(requirements))));
  });

  it('quotes for every point what earned it', () => {
    let points = 0;
    for (const { resume, requirements } of pairs(4, PAIRS)) {
      const { score: total, parts } = score(resume, requirements);
      expect(Math.round(parts.reduce((sum, part) => sum + part.points, 0) * 100) / 100).toBeCloseTo(total, 1);
      for (const { kind, label, points: earned, maximum, evidence } of parts) {
        expect(earned).toBeLessThanOrEqual(maximum);
        expect(earned > 0).toBe(evidence !== null);
        if (!evidence) continue;
        points += 1;
        expect(resume.text.lines[evidence.line - 1]).toContain(evidence.quote.replace(/^…|…$/g, ''));
        if (kind === 'must' || kind === 'nice') expect(formsOf(label).some(({ text }) => foldText(evidence.quote).includes(text))).toBe(true);
        if (kind === 'experience') expect(evidence.quote).toMatch(/(?:19|20)\d\d/);
        if (kind === 'title') expect(resume.record.work.some(({ position }) => evidence.quote.toLowerCase().includes(position.toLowerCase()))).toBe(true);
      }
    }
    expect(points).toBeGreaterThan(PAIRS);
  });

  it('stays between 0 and 100', () => {
    for (const { resume, requirements } of pairs(5, PAIRS)) {
      const { score: total } = score(resume, requirements);
      expect(total).toBeGreaterThanOrEqual(0);
      expect(total).toBeLessThanOrEqual(100);
    }
  });
});

describe('another identity changes nothing', () => {
  const random = randomNumbers(6);
  const invented = Array.from({ length: 500 }, () => ({ resume: inventedResume(random), requirements: inventedJob(random) }));
  const same = (swaps: (resume: Resume) => readonly (readonly [string, string])[], { known = false, quoted = false } = {}): void => {
    for (const { resume, requirements } of [...invented, ...(known ? pairs(7, 500) : [])]) {
      const made = swaps(resume);
      const [before, after] = [score(resume, requirements), score(swapped(resume, made), requirements)];
      const swap = (key: string, value: unknown): unknown => (quoted && key === 'quote' ? made.reduce((text, [from, to]) => text.replaceAll(from, to), String(value)) : value);
      expect(JSON.stringify(after)).toBe(JSON.stringify(before, swap));
    }
  };

  it.each(['Go Kubernetes', 'Python van der Excel', 'Mohammed Al-Farsi', 'Jane Doe'])('in the name, %s', (name) => {
    same(({ record: { basics } }) => [[basics.name, name], [basics.email, 'kubernetes.figma@mail.example']], { known: true });
  });

  it('in age and date of birth', () => same(() => [['Date of birth: 12 March 1985', 'Date of birth: 1 May 2001, Python']]));
  it('in the gender', () => same(() => [['Gender: female', 'Gender: Excel']]));
  // A job's name may be evidence and then is quoted as it stands; the points are the same.
  it('in words for one gender', () => same(() => [['Saleswoman', 'Salesman'], ['saleswoman', 'salesman']], { quoted: true }));
  it('in the address', () => same(() => [['12 Kubernetes Street, Berlin', '7 German Lane, Node.js'], ['+49 30 1234567', '+1 212 5550100']]));
  it('in the photo', () => same(() => [['Photo: go.jpg', 'Photo: Docker and Redis.png']]));
});

describe('stuffed text adds nothing', () => {
  const gains = (stuffing: (requirements: JobRequirements) => readonly string[], hidden = false): number[] => pairs(8, PAIRS).map(({ resume, requirements }) => {
    const added = stuffing(requirements);
    const { lines } = resume.text;
    const hiddenLines = hidden ? added.map((_, index) => lines.length + index + 1) : [];
    return score({ record: resume.record, text: { lines: [...lines, ...added], hiddenLines } }, requirements).score - score(resume, requirements).score;
  });
  const nothing = (values: readonly number[]): void => expect(values.filter((gain) => gain !== 0)).toEqual([]);

  it('neither words once more', () => nothing(gains(({ criteria }) => criteria.map(({ label }) => `${label} ${label} ${label} ${label}`))));
  it('nor the text of the job', () => nothing(gains(({ description }) => description.split('\n'))));
  it('nor the list of its criteria', () => nothing(gains(({ criteria }) => (criteria.length < 4 ? [] : [criteria.map(({ label }) => label).join(', '), `Skills: ${criteria.map(({ label }) => label).join(' ')}`]))));
  it('nor lines that nobody can see', () => nothing(gains(({ criteria, title }) => [...criteria.map(({ label }) => statement(label)), title], true)));
  it('nor lines that say it is missing', () => nothing(gains(({ criteria }) => criteria.map(({ label }) => `No experience with ${label}`))));
});

import { describe, expect, it } from '@jest/globals';
import { prepareRubric } from '../../../src/features/resume-analysis/scoring/prepared-rubric.js';
import { scoreResume } from '../../../src/features/resume-analysis/scoring/score-resume.js';
import type { Score } from '../../../src/features/resume-analysis/scoring/score.js';
import { NOW } from './pairs.js';

const HEAD = ['Ada Example', 'ada@mail.example', 'Experience'];
const RECORD = { basics: { name: 'Ada Example', email: 'ada@mail.example', phone: '', label: '', url: '', profiles: [] }, work: [], education: [], skills: [] };

/** What a resume with these lines below its head is worth for a job that asks for the labels. */
function scored(labels: readonly string[], lines: readonly string[], { description = '', hiddenLines = [] as number[] } = {}): Score {
  const requirements = { title: '', description, minimumYears: null, criteria: labels.map((label) => ({ label, necessity: 'must' as const })) };
  return scoreResume(prepareRubric(requirements), RECORD, { lines: [...HEAD, ...lines], hiddenLines }, NOW);
}
const meets = (label: string, line: string): boolean => scored([label], [line]).parts[0]!.points > 0;
const flags = (score: Score): string[] => score.flags.map(({ kind, line }) => `${kind} ${line}`);

describe('a criterion', () => {
  it.each([
    ['JavaScript', 'Built pages in JS'], ['JS', 'ECMAScript'], ['Kubernetes', 'ran k8s clusters'], ['PostgreSQL', 'postgres tuning'], ['Postgres', 'PostgreSQL 16'], ['Node.js', 'NodeJS services'], ['Golang', 'Python, Go, Rust'],
    ['C#', 'CSharp'], ['AWS', 'Amazon Web Services'], ['Machine learning', 'applied ML'], ['Excel', 'MS Excel'], ['User research', 'UX research'], ['German', 'Deutsch'], ['Café management', 'cafe management'], ['API', 'wrote APIs'],
    ['Strong knowledge of Kubernetes', 'Kubernetes'], ['5+ years of experience with TypeScript', 'TypeScript'], ['React or Vue', 'Vue.js'], ['Kubernetes (CKA)', 'CKA'], ['Project management experience', 'project management'],
    ['Kaufmann', 'Kauffrau im Einzelhandel'], ['Ingénieur', 'Ingénieure'], ['Salesman', 'Saleswoman'], ['Entwickler', 'Entwicklerin'],
  ])('%s is met by "%s"', (label, line) => expect(meets(label, line)).toBe(true));

  it.each([
    ['Go', 'Worked at Google'], ['Go', 'Planned the go-to-market'], ['Go', 'Go to market plans'], ['Go', 'willing to go anywhere'], ['C', 'C++'], ['C', 'C# and .NET'], ['Java', 'JavaScript'], ['R', 'R&D budget'], ['Excel', 'I excel under pressure'],
    ['React', 'quick to react'], ['REST', 'the rest of the team'], ['SQL', 'NoSQL'], ['JavaScript', 'Node.js'],
  ])('%s is not met by "%s"', (label, line) => expect(meets(label, line)).toBe(false));

  it.each([
    'No experience with Kubernetes', 'I have never used Docker or Kubernetes', 'without any Kubernetes', 'Kubernetes: none', 'Kubernetes (no experience)', 'Keine Erfahrung mit Node.js und Kubernetes', 'Eager to learn Kubernetes',
    'Sans expérience de Kubernetes', 'lack of hands-on experience in Kubernetes', 'Have not yet worked with Kubernetes',
  ])('is not met by "%s"', (line) => {
    expect(meets('Kubernetes', line)).toBe(false);
    expect(flags(scored(['Kubernetes'], [line]))).toEqual(['negated 4']);
  });

  it.each([
    'No downtime while we moved to Kubernetes', 'Not only Docker but Kubernetes', 'No experience with Docker, but five years of Kubernetes', 'Never missed a deadline. Kubernetes administrator', 'Without fear: Kubernetes',
    'Taught machine learning on Kubernetes', 'Nobody else ran Kubernetes',
  ])('is met by "%s"', (line) => expect(meets('Kubernetes', line)).toBe(true));

  it('counts where one of its lines does', () => {
    const score = scored(['Kubernetes'], ['No experience with Kubernetes', 'Ran Kubernetes for a bank']);
    expect(score.parts[0]).toMatchObject({ points: 73.33, evidence: { line: 5, quote: 'Ran Kubernetes for a bank' } });
  });

  it('is quoted out of the middle of long lines', () => {
    const [part] = scored(['Kubernetes'], [`${'Worked on many things. '.repeat(30)}Ran Kubernetes. ${'And more of it. '.repeat(30)}`]).parts;
    expect(part!.evidence!.quote).toMatch(/^….*Ran Kubernetes.*…$/);
    expect(part!.evidence!.quote.length).toBeLessThan(300);
  });
});

describe('a line is refused', () => {
  const LABELS = ['TypeScript', 'PostgreSQL', 'Node.js', 'GraphQL', 'Kubernetes'];
  const AD = 'You will design the services that recruiting teams rely on every day with Kubernetes and PostgreSQL at their heart.';

  it('where it was copied from the job', () => {
    const score = scored(['Kubernetes'], ['I design the services that recruiting teams rely on every day with Kubernetes'], { description: AD });
    expect(score.score).toBe(0);
    expect(score.flags).toEqual([{ kind: 'copied', line: 4, quote: 'I design the services that recruiting teams rely on every day with Kubernetes' }]);
    expect(flags(scored(['Kubernetes'], ['with Kubernetes and PostgreSQL at', 'Ran Kubernetes and PostgreSQL at scale'], { description: AD }))).toEqual(['copied 4']);
  });

  it('where it lists the criteria as the job does', () => {
    expect(flags(scored(LABELS, ['TypeScript, PostgreSQL, Node.js, GraphQL, Kubernetes']))).toEqual(['listed 4']);
    expect(flags(scored(LABELS, ['Skills: PostgreSQL | Node.js | GraphQL and Kubernetes']))).toEqual(['listed 4']);
    expect(flags(scored(LABELS, ['Kubernetes, TypeScript, PostgreSQL, Node.js']))).toEqual([]);
    expect(flags(scored(LABELS, ['TypeScript, React, PostgreSQL, Node.js, Redis, GraphQL, Kubernetes']))).toEqual([]);
  });

  it('where it repeats itself', () => {
    expect(flags(scored(['Kubernetes'], ['Kubernetes Kubernetes, Kubernetes']))).toEqual(['repeated 4']);
    expect(flags(scored(['Machine learning'], ['machine learning machine learning machine learning']))).toEqual(['repeated 4']);
    expect(flags(scored(['Java'], ['Java 8, Java 11, Java EE, Java SE']))).toEqual([]);
  });

  it('where nobody can see it', () => {
    const score = scored(['Kubernetes'], ['Ran Kubernetes', 'Ran Kubernetes'], { hiddenLines: [4] });
    expect(flags(score)).toEqual(['hidden 4']);
    expect(score.parts[0]!.evidence!.line).toBe(5);
  });

  it.each(['Date of birth: Kubernetes 1990', 'Nationality: Kubernetes', '12 Kubernetes Street, Dublin', 'Wohnort: Kubernetes', 'Born 1 May 1990 in Kubernetes', 'she/her, Kubernetes', '34 years old, Kubernetes'])('where it is personal, %s', (line) => {
    expect(scored(['Kubernetes'], [line])).toMatchObject({ score: 0, flags: [] });
  });
});

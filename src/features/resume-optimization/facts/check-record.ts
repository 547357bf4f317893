import { foldText } from '../../resume-analysis/scoring/fold-text.js';
import type { ResumeEducation, ResumeRecord, ResumeWork } from '../../resume-analysis/parser/json-resume.js';
import type { Refusal } from './check-claim.js';
import { findPhrase } from './find-phrase.js';
import { foldWord, plainText } from './plain-text.js';
import type { SourceFacts } from './source-facts.js';

/** A fact of a record that the source record does not hold, and where it stands. */
export interface RecordProblem extends Refusal {
  /** Like "work 2" or "education 1". */
  readonly section: string;
}

const key = (...parts: readonly (string | undefined)[]): string => parts.map((part) => foldWord(plainText(part ?? ''))).join('\u0001');
const jobKey = ({ name, position, startDate, endDate, location }: ResumeWork): string => key(name, position, startDate, endDate, location);
const schoolKey = ({ institution, studyType, area, startDate, endDate, score }: ResumeEducation): string => key(institution, studyType, area, startDate, endDate, score);

/** Which part of an entry that the source does not have is new. */
function jobProblem(section: string, entry: ResumeWork, known: readonly ResumeWork[]): RecordProblem {
  const has = (pick: (work: ResumeWork) => string | undefined): boolean => known.some((work) => key(pick(work)) === key(pick(entry)));
  if (!has(({ name }) => name)) return { section, kind: 'name', text: entry.name };
  if (!has(({ position }) => position)) return { section, kind: 'title', text: entry.position };
  return { section, kind: 'date', text: `${entry.name}, ${entry.position}: ${entry.startDate ?? ''} – ${entry.endDate ?? ''}` };
}

function listed<Item>(section: string, kind: Refusal['kind'], items: readonly Item[] | undefined, known: readonly Item[] | undefined, keyOf: (item: Item) => string, textOf: (item: Item) => string): RecordProblem[] {
  const keys = new Set((known ?? []).map(keyOf));
  return (items ?? []).flatMap((item, index) => (keys.has(keyOf(item)) ? [] : [{ section: `${section} ${index + 1}`, kind, text: textOf(item) }]));
}

/** What a record says beyond its source: employers, titles, dates, schools, degrees, certificates and skills, each entry as a whole. */
export function checkRecord(record: ResumeRecord, facts: SourceFacts): RecordProblem[] {
  const { record: source, lines } = facts.source;
  const jobs = new Set(source.work.map(jobKey));
  const folded = [...lines, ...source.skills.flatMap(({ name, keywords = [] }) => [name, ...keywords])].map(foldText);
  const skills = record.skills.flatMap(({ name, keywords = [] }) => [name, ...keywords]).filter((name) => name.trim() !== '');
  const basics = (['name', 'email', 'phone', 'label', 'url'] as const).filter((field) => key(record.basics[field]) !== key(source.basics[field]));
  return [
    ...basics.map((field): RecordProblem => ({ section: 'contact', kind: field === 'label' ? 'title' : 'name', text: record.basics[field] })),
    ...record.work.flatMap((entry, index) => (jobs.has(jobKey(entry)) ? [] : [jobProblem(`work ${index + 1}`, entry, source.work)])),
    ...listed('education', 'merit', record.education, source.education, schoolKey, ({ institution, studyType, area }) => `${institution}, ${studyType} ${area}`),
    ...listed('certificate', 'merit', record.certificates, source.certificates, ({ name, issuer, date }) => key(name, issuer, date), ({ name }) => name),
    ...listed('award', 'merit', record.awards, source.awards, ({ title, awarder, date }) => key(title, awarder, date), ({ title }) => title),
    ...listed('publication', 'merit', record.publications, source.publications, ({ name, publisher, releaseDate }) => key(name, publisher, releaseDate), ({ name }) => name),
    ...listed('language', 'skill', record.languages, source.languages, ({ language, fluency }) => key(language, fluency), ({ language }) => language),
    ...listed('project', 'name', record.projects, source.projects, (project) => key(JSON.stringify(project)), ({ name }) => name),
    ...listed('volunteer', 'name', record.volunteer, source.volunteer, (entry) => key(JSON.stringify(entry)), ({ organization }) => organization),
    ...skills.filter((skill) => findPhrase(folded, skill) < 0).map((skill): RecordProblem => ({ section: 'skills', kind: 'skill', text: skill })),
  ];
}

import type { Block, TextRun } from '../../../infrastructure/documents/writing/document-model.js';
import type { ResumeEducation, ResumeProject, ResumeRecord, ResumeSkill, ResumeWork } from '../parser/json-resume.js';
import { fullAddress, unbroken } from './contact-details.js';
import { shownDate, shownSpan } from './shown-dates.js';

export type SectionName = 'summary' | 'experience' | 'education' | 'skills' | 'projects' | 'volunteering' | 'certifications' | 'awards' | 'publications' | 'languages';

/** A part of a resume under its heading. */
export interface ResumeSection {
  readonly name: SectionName;
  /** A name that people look for and programs know. */
  readonly heading: string;
  readonly blocks: readonly Block[];
}

const filled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/** Head line of an entry: its name in bold, what belongs to it, and a date at the end. */
const entryLine = (name: string, beside: string | undefined, date: string, link?: string): Block => ({
  kind: 'keyLine', first: true, right: date, runs: [{ text: name, bold: true, link }, ...(filled(beside) && name !== '' ? [{ text: ', ' }] : []), ...(filled(beside) ? [{ text: beside }] : [])],
});

const secondLine = (text: string, right = ''): Block[] => (text === '' && right === '' ? [] : [{ kind: 'keyLine', first: false, runs: [{ text }], right }]);

function bullets(...lines: readonly (string | undefined)[]): Block[] {
  const items = lines.filter(filled).map((line): TextRun[] => [{ text: line.trim() }]);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** Employer and dates, then position and place, then what was done: the order in which programs read most surely. */
function workBlocks({ name, position, startDate, endDate, location, summary, highlights = [] }: ResumeWork): Block[] {
  return [entryLine(name, undefined, shownSpan(startDate, endDate)), ...secondLine(position, location), ...bullets(summary, ...highlights)];
}

function educationBlocks({ institution, studyType, area, startDate, endDate, score, courses = [] }: ResumeEducation): Block[] {
  const dates = filled(startDate) ? shownSpan(startDate, endDate) : shownDate(endDate);
  // A comma would make it look like a town and a country where the words are not known.
  const degree = [studyType, area].filter(filled).join(': ');
  return [
    entryLine(institution, undefined, dates), ...secondLine(degree, filled(score) ? `Grade: ${score.trim()}` : ''),
    ...bullets(courses.filter(filled).length > 0 ? `Courses: ${courses.filter(filled).join(', ')}` : undefined),
  ];
}

/** Groups stand on lines of their own; single skills share one. A skill is never broken at the end of a line. */
function skillBlocks(skills: readonly ResumeSkill[]): Block[] {
  const named = skills.filter(({ name, keywords = [] }) => filled(name) || keywords.some(filled));
  const groups = named.filter(({ keywords = [] }) => keywords.some(filled));
  const single = named.filter((skill) => !groups.includes(skill)).map(({ name }) => unbroken(name));
  return [
    ...groups.map(({ name, keywords = [] }): Block => ({
      kind: 'paragraph', runs: [...(filled(name) ? [{ text: unbroken(`${name}:`), bold: true }, { text: ' ' }] : []), { text: keywords.filter(filled).map(unbroken).join(', ') }],
    })),
    ...(single.length > 0 ? [{ kind: 'paragraph', runs: [{ text: single.join(', ') }] } as const] : []),
  ];
}

function projectBlocks({ name, description, highlights = [], keywords = [], startDate, endDate, url }: ResumeProject): Block[] {
  const dates = filled(startDate) || filled(endDate) ? shownSpan(startDate, endDate) : '';
  return [entryLine(name, undefined, dates, filled(url) ? fullAddress(url) : undefined), ...bullets(description, ...highlights, keywords.some(filled) ? keywords.filter(filled).join(', ') : undefined)];
}

const languageText = (languages: ResumeRecord['languages'] = []): string =>
  languages.filter(({ language }) => filled(language)).map(({ language, fluency }) => unbroken(filled(fluency) ? `${language} (${fluency})` : language)).join(', ');

/** The sections of a resume that have something in them, in their usual order. */
export function resumeSections(record: ResumeRecord): ResumeSection[] {
  const { basics, work, education, skills, projects = [], volunteer = [], certificates = [], awards = [], publications = [], languages } = record;
  const paragraph = (text: string | undefined): Block[] => (filled(text) ? [{ kind: 'paragraph', runs: [{ text: text.trim() }] }] : []);
  const sections: ResumeSection[] = [
    { name: 'summary', heading: 'Summary', blocks: paragraph(basics.summary) },
    { name: 'experience', heading: 'Experience', blocks: work.flatMap(workBlocks) },
    { name: 'education', heading: 'Education', blocks: education.flatMap(educationBlocks) },
    { name: 'skills', heading: 'Skills', blocks: skillBlocks(skills) },
    { name: 'projects', heading: 'Projects', blocks: projects.flatMap(projectBlocks) },
    { name: 'volunteering', heading: 'Volunteering', blocks: volunteer.flatMap(({ organization, ...rest }) => workBlocks({ name: organization, ...rest })) },
    { name: 'certifications', heading: 'Certifications', blocks: certificates.map(({ name, issuer, date, url }) => entryLine(name, issuer, shownDate(date), filled(url) ? fullAddress(url) : undefined)) },
    { name: 'awards', heading: 'Awards', blocks: awards.map(({ title, awarder, date }) => entryLine(title, awarder, shownDate(date))) },
    { name: 'publications', heading: 'Publications', blocks: publications.map(({ name, publisher, releaseDate, url }) => entryLine(name, publisher, shownDate(releaseDate), filled(url) ? fullAddress(url) : undefined)) },
    { name: 'languages', heading: 'Languages', blocks: paragraph(languageText(languages)) },
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

import type { ResumeRecord, ResumeWork } from '../resume-analysis/parser/json-resume.js';
import type { Section } from './sections/section-plan.js';

/** The texts of sections by their names, a claim a line. */
export type SectionLines = Readonly<Record<string, readonly string[]>>;

function reworded({ summary, ...job }: ResumeWork, lines: readonly string[]): ResumeWork {
  return { ...job, highlights: [...lines], ...(lines.length === 0 && summary !== undefined ? { summary } : {}) };
}

/** The record with the written sections in place; everything else, names and dates above all, is the source's. */
export function applySections(record: ResumeRecord, sections: readonly Section[], lines: SectionLines): ResumeRecord {
  const skills = sections.find(({ kind }) => kind === 'skills');
  const summary = lines['summary'] ?? [];
  const byName = new Map(record.skills.map((skill) => [skill.name, skill]));
  return {
    ...record,
    basics: { ...record.basics, ...(summary.length > 0 ? { summary: summary.join(' ') } : {}) },
    work: record.work.map((job, index) => {
      const section = sections.find((one) => one.kind === 'work' && one.index === index);
      return section === undefined ? job : reworded(job, lines[section.name] ?? section.lines);
    }),
    skills: skills === undefined ? record.skills : (lines[skills.name] ?? skills.lines).flatMap((name) => byName.get(name) ?? []),
  };
}

const key = (text: string | undefined): string => (text ?? '').normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

/** The fields of `record` that `read`, its document read again, shows otherwise: who, where, as what and when. */
export function misreadFields(record: ResumeRecord, read: ResumeRecord): string[] {
  const jobs = record.work.flatMap((job, index) => {
    const same = read.work.some((other) => key(other.name) === key(job.name) && key(other.position) === key(job.position) && (other.startDate ?? '').slice(0, 4) === (job.startDate ?? '').slice(0, 4));
    return same ? [] : [`work ${index + 1}`];
  });
  const schools = record.education.flatMap(({ institution }, index) => (read.education.some((other) => key(other.institution) === key(institution)) ? [] : [`education ${index + 1}`]));
  const basics = (['name', 'email'] as const).filter((field) => key(read.basics[field]) !== key(record.basics[field]));
  return [...basics, ...jobs, ...schools];
}

import type { ResumeRecord } from '../../resume-analysis/parser/json-resume.js';
import { sentencesOf } from '../facts/check-claim.js';

/** Jobs whose descriptions are reworded; older ones stay as they are. */
const MOST_JOBS = 8;

/** A part of the resume that is written by itself: short enough for one call, and told to the reader under its name. */
export interface Section {
  readonly name: string;
  readonly kind: 'summary' | 'work' | 'skills';
  /** Place of the job in the record; -1 for the others. */
  readonly index: number;
  /** What the source says there, a claim a line. */
  readonly lines: readonly string[];
}

/** The sections of a resume, in the order in which they are written. Jobs that nothing is said of have none. */
export function planSections({ basics, work, skills }: ResumeRecord): Section[] {
  const jobs = work.slice(0, MOST_JOBS).map((job, index): Section => ({
    name: `work ${index + 1}`, kind: 'work', index, lines: [...(job.summary ? sentencesOf(job.summary) : []), ...(job.highlights ?? [])],
  }));
  return [
    { name: 'summary', kind: 'summary', index: -1, lines: sentencesOf(basics.summary ?? '') },
    ...jobs.filter(({ lines }) => lines.length > 0),
    ...(skills.length > 0 ? [{ name: 'skills', kind: 'skills', index: -1, lines: skills.map(({ name }) => name) } as const] : []),
  ];
}

import { z } from 'zod';
import type { ObjectRequest } from '../../../infrastructure/language-model/language-model.js';
import { foldText } from '../../resume-analysis/scoring/fold-text.js';
import { names } from '../../resume-analysis/scoring/mentions.js';
import { formsOf } from '../../resume-analysis/scoring/skill-names.js';
import { GROUND_RULES, quotedData } from './quoted-data.js';

const phrase = z.string().trim().min(1).max(80);

/** What a job asks for. */
export const JOB_ANALYSIS = z.object({ mustHave: z.array(phrase).max(20), niceToHave: z.array(phrase).max(20), keywords: z.array(phrase).max(40) });
export type JobAnalysis = z.output<typeof JOB_ANALYSIS>;

/** The opening as it was when the run began. */
export interface JobText {
  readonly title: string;
  readonly company: string;
  readonly description: readonly string[];
  readonly criteria: readonly { readonly label: string; readonly necessity: 'must' | 'nice' }[];
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}+#.-]{3,}/gu;

/** By the criteria of the opening and the words of its description that stand there with a capital. */
function analysisByRules({ title, description, criteria }: JobText): JobAnalysis {
  const named = (necessity: 'must' | 'nice'): string[] => criteria.filter((criterion) => criterion.necessity === necessity).map(({ label }) => label.slice(0, 80)).slice(0, 20);
  const words = [title, ...description].flatMap((line) => line.match(WORD) ?? []).filter((word) => /\p{Lu}/u.test(word));
  return { mustHave: named('must'), niceToHave: named('nice'), keywords: [...new Set(words.map((word) => word.replace(/[.-]+$/, '').slice(0, 80)))].slice(0, 40) };
}

export const jobAnalysisRequest = (job: JobText, timeLimit: number): ObjectRequest<JobAnalysis> => ({
  system: GROUND_RULES, maxOutputTokens: 1_500, timeLimit,
  prompt: `${quotedData({ 'Job title': [job.title], 'Job description': job.description, 'Criteria of the recruiters': job.criteria.map(({ label, necessity }) => `${label} (${necessity})`) })}

List what the job asks for: what an applicant must have, what is nice to have, and keywords of its field. Name only what the job's texts name.`,
  rules: () => analysisByRules(job),
});

export const shownAnalysis = ({ mustHave, niceToHave, keywords }: JobAnalysis): string =>
  [['Must have', mustHave], ['Nice to have', niceToHave], ['Keywords', keywords]].filter(([, list]) => list!.length > 0).map(([name, list]) => `${String(name)}: ${(list as string[]).join(', ')}`).join('\n');

/** How much a text says of what the job asks for: must-haves count most. */
export function relevance(text: string, { mustHave, niceToHave, keywords }: JobAnalysis): number {
  const line = foldText(text);
  const hits = (phrases: readonly string[]): number => phrases.filter((wanted) => names(line, formsOf(wanted))).length;
  return hits(mustHave) * 4 + hits(niceToHave) * 2 + hits(keywords);
}

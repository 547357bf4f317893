import type { TextRequest } from '../../../infrastructure/language-model/language-model.js';
import type { ResumeRecord } from '../../resume-analysis/parser/json-resume.js';
import { relevance, type JobAnalysis, type JobText } from './job-analysis.js';
import { GROUND_RULES, quotedData } from './quoted-data.js';
import type { Section } from './section-plan.js';

/** A text to be written; how long it may take is decided by who asks for it. */
export type WrittenPart = Omit<TextRequest, 'timeLimit' | 'prefill'>;

const MOST_TOKENS = 1_200;
const SUMMARY_SKILLS = 4;

const wanted = ({ mustHave, niceToHave, keywords }: JobAnalysis): string[] => [...mustHave.map((text) => `must: ${text}`), ...niceToHave.map((text) => `nice: ${text}`), ...keywords.map((text) => `keyword: ${text}`)];

/** What says most about the wanted first; what is equal keeps its order. */
const byRelevance = (lines: readonly string[], analysis: JobAnalysis): string[] =>
  lines.map((line, index) => ({ line, index, points: relevance(line, analysis) })).sort((a, b) => b.points - a.points || a.index - b.index).map(({ line }) => line);

function summaryByRules({ basics, work, skills }: ResumeRecord, lines: readonly string[], analysis: JobAnalysis): string {
  if (lines.length > 0) return lines.join('\n');
  const [latest] = work;
  const role = latest ? [latest.position, latest.name].filter((text) => text !== '').join(', ') : basics.label;
  const best = byRelevance(skills.map(({ name }) => name), analysis).slice(0, SUMMARY_SKILLS);
  return [role, best.join(', ')].filter((text) => text !== '').map((text) => `${text}.`).join('\n');
}

const TASKS: Readonly<Record<Section['kind'], string>> = {
  summary: 'Write a summary of two to four sentences for this application, each on a line of its own.',
  work: 'Reword the points of this job for the application, the most relevant first, each on a line of its own. Keep numbers as they are. Leave out nothing that matters for the job, and add nothing.',
  skills: 'Order these skills for the application, the most relevant first, each on a line of its own and written as it is.',
};

/** Asks for a section as the job wants to read it. */
export function optimizationRequest(section: Section, record: ResumeRecord, lines: readonly string[], analysis: JobAnalysis): WrittenPart {
  const job = record.work[section.index];
  const texts = { 'What the job asks for': wanted(analysis), ...(job ? { 'Position and employer': [`${job.position}, ${job.name}`] } : {}), 'The resume says': section.kind === 'summary' ? lines : section.lines };
  return {
    system: GROUND_RULES, maxOutputTokens: MOST_TOKENS, prompt: `${quotedData(texts)}\n\n${TASKS[section.kind]}`,
    rules: () => (section.kind === 'summary' ? summaryByRules(record, section.lines, analysis) : byRelevance(section.lines, analysis).join('\n')),
  };
}

/** Asks for the same facts in better words. */
export const polishRequest = (lines: readonly string[]): WrittenPart => ({
  system: GROUND_RULES, maxOutputTokens: MOST_TOKENS,
  prompt: `${quotedData({ 'The text': lines })}\n\nCorrect grammar and style: active verbs, no filler, no first person. Keep every fact, number and name, the order and one point a line.`,
  rules: () => lines.join('\n'),
});

function letterByRules({ title, company }: JobText, record: ResumeRecord, strongest: readonly string[]): string {
  const [latest] = record.work;
  return [
    `I would like to apply for the position of ${title}${company === '' ? '' : ` at ${company}`}.`,
    ...(latest && latest.name !== '' ? [latest.position === '' ? `I have worked at ${latest.name}.` : `I have worked as ${latest.position} at ${latest.name}.`] : []),
    ...strongest.slice(0, 3),
    'Thank you for your time; I look forward to hearing from you.',
  ].join('\n');
}

/** Asks for the paragraphs of a cover letter, a line each. */
export const letterRequest = (job: JobText, record: ResumeRecord, strongest: readonly string[], lines: readonly string[]): WrittenPart => ({
  system: GROUND_RULES, maxOutputTokens: MOST_TOKENS,
  prompt: `${quotedData({ 'Job title': [job.title], Company: [job.company], 'The resume says': lines })}\n\nWrite the paragraphs of a cover letter of at most 200 words for this job, each on a line of its own, without greeting and closing. Write as the applicant.`,
  rules: () => letterByRules(job, record, strongest),
});

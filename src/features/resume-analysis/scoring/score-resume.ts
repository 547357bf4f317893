import type { ResumeRecord, ResumeWork } from '../parser/json-resume.js';
import { EvidenceSearch } from './evidence.js';
import { foldText } from './fold-text.js';
import { names } from './mentions.js';
import type { PreparedRubric } from './prepared-rubric.js';
import type { Evidence, ResumeText, Score, ScorePart } from './score.js';
import { yearsOfWork } from './years-of-work.js';

/** Changes whenever the same input may give another score. */
export const SCORER_VERSION = '2';

/** Weights of the four parts; parts that a job does not ask for drop out and the rest fill 100. */
const WEIGHTS = { must: 55, nice: 15, title: 20, experience: 10 } as const;

interface RawPart {
  readonly kind: ScorePart['kind'];
  readonly label: string;
  /** Share of the part that is met, 0 to 1. */
  readonly met: number;
  readonly evidence: Evidence | null;
}

const round = (value: number): number => Math.round(value * 100) / 100;

const partOf = (kind: RawPart['kind'], label: string, met: number, evidence: Evidence | null): RawPart => ({ kind, label, met: evidence ? met : 0, evidence: met > 0 ? evidence : null });

/** The first line that may count and holds the folded text. */
function lineWith(search: EvidenceSearch, text: string): Evidence | null {
  const line = text === '' ? -1 : search.folded.findIndex((folded, index) => folded.includes(text) && search.counts(index));
  return line < 0 ? null : search.quote(line, { from: search.folded[line]!.indexOf(text), to: search.folded[line]!.indexOf(text) + text.length });
}

function titlePart({ requirements, title }: PreparedRubric, record: ResumeRecord, search: EvidenceSearch): RawPart {
  let best = { met: 0, evidence: null as Evidence | null };
  for (const { position } of record.work) {
    const folded = foldText(position);
    const met = title.filter((forms) => names(folded, forms)).length / Math.max(1, title.length);
    if (met <= best.met) continue;
    const evidence = lineWith(search, folded);
    if (evidence) best = { met, evidence };
  }
  return partOf('title', requirements.title, best.met, best.evidence);
}

/** The line that shows when the job began: of those with the year, the nearest to the employer or the position. */
function lineOfStart(search: EvidenceSearch, { name, position, startDate }: ResumeWork): Evidence | null {
  const year = startDate!.slice(0, 4);
  const shown = [name, position].map(foldText).filter((text) => text !== '');
  const places = search.folded.flatMap((line, index) => (shown.some((text) => line.includes(text)) ? [index] : []));
  const distance = (line: number): number => Math.min(...places.map((place) => Math.abs(place - line)), search.folded.length);
  const lines = search.folded.flatMap((line, index) => (line.includes(year) && search.counts(index) ? [index] : []));
  const nearest = lines.sort((a, b) => distance(a) - distance(b) || a - b)[0];
  return nearest === undefined ? null : search.quote(nearest, { from: search.folded[nearest]!.indexOf(year), to: search.folded[nearest]!.indexOf(year) + year.length });
}

function experiencePart(minimumYears: number, record: ResumeRecord, search: EvidenceSearch, now: Date): RawPart {
  const earliest = record.work.filter(({ startDate }) => startDate !== undefined).sort((a, b) => (a.startDate! < b.startDate! ? -1 : 1))[0];
  return partOf('experience', `${minimumYears} years of work`, Math.min(1, yearsOfWork(record, now) / minimumYears), earliest ? lineOfStart(search, earliest) : null);
}

/**
 * Scores a resume against what a job opening asks for, by code alone. Every point quotes the line that earned it; what tells who
 * somebody is, cannot be seen, was copied from the job or repeated is not looked at; another met criterion never lowers the
 * score; the same input gives the same answer.
 */
export function scoreResume(rubric: PreparedRubric, record: ResumeRecord, text: ResumeText, now: Date): Score {
  const search = new EvidenceSearch(text, record, rubric.jobText);
  const { minimumYears } = rubric.requirements;
  const raw = rubric.criteria.map(({ label, necessity, forms }) => partOf(necessity, label, 1, search.find(forms)));
  raw.push(titlePart(rubric, record, search));
  if (minimumYears) raw.push(experiencePart(minimumYears, record, search, now));
  const kinds = [...new Set(raw.map((part) => part.kind))];
  const total = kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
  const parts = raw.map(({ kind, label, met, evidence }): ScorePart => {
    const maximum = (WEIGHTS[kind] / total) * 100 / raw.filter((part) => part.kind === kind).length;
    return { kind, label, points: round(maximum * met), maximum: round(maximum), evidence };
  });
  return { score: Math.min(100, round(parts.reduce((sum, part) => sum + part.points, 0))), parts, flags: search.flags };
}

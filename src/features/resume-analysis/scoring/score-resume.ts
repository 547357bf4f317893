import type { ResumeRecord } from '../parser/json-resume.js';
import { findPhrase, foldText } from './match-phrase.js';

/** Changes whenever the same input may give another score. */
export const SCORER_VERSION = '1';

/** Weights of the four parts; parts that a job does not ask for drop out and the rest fill 100. */
const WEIGHTS = { must: 55, nice: 15, title: 20, experience: 10 } as const;
const QUOTE_LIMIT = 240;
const STOP_WORDS = new Set(['and', 'the', 'for', 'with', 'senior', 'junior', 'lead', 'of', 'in', 'at', 'm', 'f', 'd', 'w', 'x']);

export interface JobRequirements {
  readonly title: string;
  readonly minimumYears: number | null;
  readonly criteria: readonly { readonly label: string; readonly necessity: 'must' | 'nice' }[];
}

/** A line of the resume, quoted, with its number from 1. */
export interface Evidence {
  readonly quote: string;
  readonly line: number;
}

/** Why some of the points were given or not. */
export interface ScorePart {
  readonly kind: 'must' | 'nice' | 'title' | 'experience';
  readonly label: string;
  readonly points: number;
  readonly maximum: number;
  readonly evidence: Evidence | null;
}

export interface Score {
  /** 0 to 100 with two decimals. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

interface RawPart {
  readonly kind: ScorePart['kind'];
  readonly label: string;
  /** Share of the part that is met, 0 to 1. */
  readonly met: number;
  readonly line: number;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function monthsOf(date: string): number {
  const [year = '0', month = '01'] = date.split('-');
  return Number(year) * 12 + Number(month) - 1;
}

/** Years covered by the jobs of the record, overlaps counted once. An absent end means until `now`. */
export function yearsOfWork(record: ResumeRecord, now: Date): number {
  const present = now.getUTCFullYear() * 12 + now.getUTCMonth();
  const spans = record.work.flatMap(({ startDate, endDate }) => (startDate === undefined ? [] : [[monthsOf(startDate), endDate === undefined ? present : monthsOf(endDate)] as const]));
  let [months, reached] = [0, -Infinity];
  for (const [start, end] of spans.filter(([from, to]) => to >= from).sort((a, b) => a[0] - b[0])) {
    months += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return Math.round((months / 12) * 10) / 10;
}

function titlePart(requirements: JobRequirements, record: ResumeRecord, foldedLines: readonly string[]): RawPart {
  const words = foldText(requirements.title).split(/[^\p{L}\p{N}+#.]+/u).filter((word) => word.length > 1 && !STOP_WORDS.has(word));
  let best = { met: 0, position: '' };
  for (const { position } of record.work) {
    const met = words.filter((word) => findPhrase([foldText(position)], word) >= 0).length / Math.max(1, words.length);
    if (met > best.met) best = { met, position };
  }
  const line = best.met > 0 ? foldedLines.findIndex((text) => text.includes(foldText(best.position))) : -1;
  return { kind: 'title', label: requirements.title, met: line >= 0 ? best.met : 0, line };
}

function experiencePart(minimumYears: number, record: ResumeRecord, foldedLines: readonly string[], now: Date): RawPart {
  const years = yearsOfWork(record, now);
  const starts = record.work.map((job) => job.startDate?.slice(0, 4)).filter((year) => year !== undefined);
  const earliest = starts.sort()[0];
  const line = earliest === undefined ? -1 : foldedLines.findIndex((text) => text.includes(earliest));
  return { kind: 'experience', label: `${minimumYears} years of work`, met: line >= 0 ? Math.min(1, years / minimumYears) : 0, line };
}

/**
 * Scores a resume against a job opening by code alone. Every point quotes the line that earned it; names, addresses and dates
 * of birth are never looked at; another met criterion never lowers the score; the same input gives the same answer.
 */
export function scoreResume(requirements: JobRequirements, record: ResumeRecord, lines: readonly string[], now: Date): Score {
  const folded = lines.map(foldText);
  const raw: RawPart[] = requirements.criteria.map(({ label, necessity }) => {
    const line = findPhrase(folded, label);
    return { kind: necessity, label, met: line >= 0 ? 1 : 0, line };
  });
  raw.push(titlePart(requirements, record, folded));
  if (requirements.minimumYears) raw.push(experiencePart(requirements.minimumYears, record, folded, now));
  const kinds = [...new Set(raw.map((part) => part.kind))];
  const total = kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
  const parts = raw.map(({ kind, label, met, line }): ScorePart => {
    const maximum = (WEIGHTS[kind] / total) * 100 / raw.filter((part) => part.kind === kind).length;
    return { kind, label, points: round(maximum * met), maximum: round(maximum), evidence: line < 0 ? null : { quote: lines[line]!.slice(0, QUOTE_LIMIT), line: line + 1 } };
  });
  return { score: Math.min(100, round(parts.reduce((sum, part) => sum + part.points, 0))), parts };
}

import type { ResumeRecord, ResumeWork } from '../../resume-analysis/parser/json-resume.js';
import { shownSpan } from '../../resume-analysis/documents/shown-dates.js';
import { readMonths } from './dates.js';
import { instructionLines, isInstruction } from './instructions.js';
import { isYear, readNumbers, type FoundNumber } from './numbers.js';
import { plainText, stemOf, wordsOf, type Word } from './plain-text.js';
import { isPlainWord, STOP_WORDS } from './word-lists.js';

/** A resume as it was sent: its lines, and the record that was read from them. */
export interface SourceResume {
  readonly lines: readonly string[];
  readonly record: ResumeRecord;
}

/** A line of the source, with its number from 1. */
export interface SourceQuote {
  readonly line: number;
  readonly text: string;
}

/** A number with the words that stand next to it. */
export interface NumberInContext extends FoundNumber {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

/** Something that the source says in one place: a line, or a sentence that runs over several. */
export interface Statement {
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  readonly numbers: readonly NumberInContext[];
  readonly months: ReadonlySet<string>;
  /** Numbers of its lines, from 0. */
  readonly lines: readonly number[];
  /** Its words in their order, folded, with blanks around each. */
  readonly sequence: string;
}

/** Statements that may support a claim, and all words in them. */
export interface Scope {
  readonly statements: readonly Statement[];
  readonly stems: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

const NEIGHBOURS = 3;
const QUOTE_LIMIT = 300;

export const isContent = ({ folded }: Word): boolean => !STOP_WORDS.has(folded) && !isPlainWord(folded) && /\p{L}/u.test(folded);

const sequenceOf = (words: readonly Word[]): string => ` ${words.map(({ folded }) => folded).join(' ')} `;

/** The numbers of a text, each with the words of content that stand close to it. */
export function numbersInContext(text: string, words: readonly Word[]): NumberInContext[] {
  const numbers = readNumbers(text);
  const inNumber = (at: number): boolean => numbers.some((number) => at >= number.at && at < number.end);
  const free = words.filter(({ at }) => !inNumber(at));
  const stems = (near: readonly Word[]): Set<string> => new Set(near.filter(isContent).map(({ folded }) => stemOf(folded)));
  return numbers.map((number) => ({
    ...number,
    before: stems(free.filter(({ at }) => at < number.at).slice(-NEIGHBOURS)),
    after: stems(free.filter(({ at }) => at >= number.end).slice(0, NEIGHBOURS)),
  }));
}

function statementOf(written: string, lines: readonly number[]): Statement {
  const text = plainText(written);
  const words = wordsOf(text);
  return {
    text, lines, numbers: numbersInContext(text, words), months: new Set(readMonths(text).map(({ month }) => month)), sequence: sequenceOf(words),
    stems: new Set(words.filter(({ folded }) => !STOP_WORDS.has(folded)).map(({ folded }) => stemOf(folded))),
  };
}

function scopeOf(statements: readonly Statement[]): Scope {
  const words = new Set(statements.flatMap(({ sequence }) => sequence.trim().split(' ')));
  return { statements, words, stems: new Set([...words].map(stemOf)) };
}

const textsOf = ({ name, position, location, startDate, endDate, summary, highlights = [] }: ResumeWork): string[] =>
  [`${position} ${name} ${location ?? ''} ${shownSpan(startDate, endDate)}`, summary ?? '', ...highlights].filter((text) => text.trim() !== '');

function withoutInstructions(record: ResumeRecord): ResumeRecord {
  const kept = (text: string | undefined): string | undefined => (text !== undefined && isInstruction(text) ? undefined : text);
  const { summary, ...basics } = record.basics;
  return {
    ...record,
    basics: { ...basics, ...(kept(summary) === undefined ? {} : { summary }) },
    work: record.work.map(({ summary: about, highlights, ...entry }) => ({
      ...entry, ...(kept(about) === undefined ? {} : { summary: about }), ...(highlights === undefined ? {} : { highlights: highlights.filter((text) => !isInstruction(text)) }),
    })),
    skills: record.skills.filter(({ name }) => !isInstruction(name)),
  };
}

/** What a resume says, so that claims can be held against it. Nothing is known beyond its lines. */
export class SourceFacts {
  private readonly lines: readonly Statement[];
  private readonly entries: readonly Scope[];
  /** All that the resume says. */
  readonly whole: Scope;

  /** The record without what speaks to programs: what may be written from, and shown to a model. */
  readonly usable: ResumeRecord;
  /** The same of the lines. */
  readonly usableLines: readonly string[];
  /** Texts of the record that speak to programs. */
  readonly instructions: readonly string[];

  constructor(readonly source: SourceResume) {
    this.lines = source.lines.map((line, index) => statementOf(line, [index]));
    const dropped = instructionLines(source.lines);
    this.usable = withoutInstructions(source.record);
    this.usableLines = source.lines.filter((_, index) => !dropped.has(index));
    this.instructions = [...source.record.work.flatMap(({ summary = '', highlights = [] }) => [summary, ...highlights]), source.record.basics.summary ?? ''].filter(isInstruction);
    const merged = this.usable.work.map((entry) => textsOf(entry).map((text) => statementOf(text, this.linesOf(text))));
    this.entries = merged.map((statements) => scopeOf(statements));
    const hidden = new Set([...dropped, ...this.instructions.flatMap((text) => this.linesOf(text))]);
    this.whole = scopeOf([...this.lines.filter((_, index) => !hidden.has(index)), ...merged.flat()]);
  }

  /** What the resume says of one of its jobs, by its number from 0; nothing for a job that it does not have. */
  entry(index: number): Scope {
    return this.entries[index] ?? scopeOf([]);
  }

  /** Whether the words stand in this order somewhere in the scope. */
  says(scope: Scope, phrase: string): boolean {
    const sequence = sequenceOf(wordsOf(plainText(phrase)));
    return sequence.trim() !== '' && scope.statements.some((statement) => statement.sequence.includes(sequence));
  }

  quotes(statement: Statement): SourceQuote[] {
    return statement.lines.map((line) => ({ line: line + 1, text: this.source.lines[line]!.slice(0, QUOTE_LIMIT) }));
  }

  /** The lines over which a text of the record runs: those it holds, or the one that holds it; else the most alike one. */
  private linesOf(text: string): number[] {
    const sequence = sequenceOf(wordsOf(plainText(text)));
    const within = this.lines.flatMap((line, index) => (line.sequence.trim().length > 8 && (sequence.includes(line.sequence) || line.sequence.includes(sequence)) ? [index] : []));
    if (within.length > 0) return within.slice(0, 6);
    const stems = [...statementStems(text)];
    const shares = this.lines.map((line) => stems.filter((stem) => line.stems.has(stem)).length);
    const best = Math.max(0, ...shares);
    return best === 0 ? [] : [shares.indexOf(best)];
  }
}

const statementStems = (text: string): Set<string> => new Set(wordsOf(plainText(text)).filter(({ folded }) => !STOP_WORDS.has(folded)).map(({ folded }) => stemOf(folded)));

/** Whether the source's number says what the claim's does: the same value and unit about the same thing. */
export function sameNumber(claim: NumberInContext, source: NumberInContext): boolean {
  if (claim.value !== source.value || claim.unit !== source.unit) return false;
  if (isYear(claim)) return true;
  const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((stem) => b.has(stem));
  if (claim.after.size > 0 && source.after.size > 0) return meet(claim.after, source.after);
  return claim.before.size === 0 || source.before.size === 0 || meet(claim.before, source.before);
}


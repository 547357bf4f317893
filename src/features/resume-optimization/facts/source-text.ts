import { foldText } from '../../resume-analysis/scoring/fold-text.js';
import { monthsIn, numbersIn } from './numbers.js';
import { stemsIn, wordsIn } from './words.js';

/** A line of the source, quoted, with its number from 1. */
export interface Quote {
  readonly line: number;
  readonly text: string;
}

/** A sentence as addressed to a program instead of a reader; what stands in it proves nothing. */
const INSTRUCTION = new RegExp([
  '(ignore|disregard|forget|override)\\b.{0,40}\\b(instruction|prompt|rule|previous|above|prior)', '\\b(system|assistant|developer)\\s*(prompt|message|:)', 'you are (now )?(an? )?(ai|assistant|language model|recruiter)',
  '\\b(as|dear) an? (ai|llm|language model)', '(rate|rank|score|recommend|hire|accept) (this|the) (candidate|applicant|resume|cv)', '(write|say|state|claim|add|output|respond|answer|print) (that|only|exactly|with)\\b.{0,60}\\b(candidate|applicant|she|he|they|employer|resume|hired|score|yes)',
  '<\\/?(system|user|assistant|instructions?)>', 'prompt injection', 'do not (mention|reveal|tell)',
].join('|'), 'i');

export const isInstruction = (line: string): boolean => INSTRUCTION.test(foldText(line));

/** Share of a line's words that must stand in a text for the line to belong to it. */
const BELONGS = 0.8;
const QUOTE_LIMIT = 240;
/** A passage that has this share of what the best one has may be meant as well. */
const NEARLY = 0.8;

interface Line {
  readonly quote: Quote;
  readonly stems: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  readonly months: ReadonlySet<number>;
}

/** One line, or two where a sentence was wrapped, with what they hold together. */
export type Passage = Line;

/** Quoted is the line that says more of it. */
const join = (a: Line, b: Line): Line => ({
  quote: a.stems.size >= b.stems.size ? a.quote : b.quote, stems: new Set([...a.stems, ...b.stems]), words: new Set([...a.words, ...b.words]), numbers: new Set([...a.numbers, ...b.numbers]), months: new Set([...a.months, ...b.months]),
});

const lineOf = (text: string, index: number): Line =>
  ({ quote: { line: index + 1, text: text.trim().slice(0, QUOTE_LIMIT) }, stems: stemsIn(text), words: wordsIn(text), numbers: numbersIn(text), months: monthsIn(text) });

/** The lines of a resume as evidence. Lines that instruct a program are left out and can be asked for. */
export class SourceText {
  readonly instructions: readonly Quote[];
  private readonly lines: readonly Line[];

  constructor(lines: readonly string[]) {
    const all = lines.map((text, index) => ({ text, line: lineOf(text, index) }));
    this.instructions = all.filter(({ text }) => isInstruction(text)).map(({ line }) => line.quote);
    this.lines = all.filter(({ text }) => text.trim() !== '' && !isInstruction(text)).map(({ line }) => line);
  }

  /** The lines that the texts were read from; all lines where none can be found. */
  within(texts: readonly string[]): SourceScope {
    const stems = texts.map(stemsIn);
    const own = this.lines.filter((line) => line.stems.size > 0 && stems.some((text) => [...line.stems].filter((stem) => text.has(stem)).length >= line.stems.size * BELONGS));
    return new SourceScope(own.length > 0 ? own : this.lines);
  }

  get whole(): SourceScope {
    return new SourceScope(this.lines);
  }
}

/** The part of a source that claims of one section may draw on. */
export class SourceScope {
  private readonly words: ReadonlySet<string>;
  private readonly passages: readonly Passage[];

  constructor(lines: readonly Line[]) {
    this.words = new Set(lines.flatMap((line) => [...line.words]));
    this.passages = [...lines, ...lines.flatMap((line, index) => (lines[index + 1]?.quote.line === line.quote.line + 1 ? [join(line, lines[index + 1]!)] : []))];
  }

  has(word: string): boolean {
    const folded = foldText(word);
    return this.words.has(folded) || this.words.has(folded.replace(/(?:'s|’s|s)$/, '')) || [...wordsIn(word)].every((part) => this.words.has(part));
  }

  /**
   * The passages that have most of the words in common, the best first, and the share of it (0 to 1). Of equals the shorter comes first,
   * then the earlier; those that are nearly as good follow.
   */
  support(stems: ReadonlySet<string>): { readonly passages: readonly Passage[]; readonly share: number } {
    const shares = this.passages.map((passage) => ({ passage, share: [...stems].filter((stem) => passage.stems.has(stem)).length / Math.max(1, stems.size) }));
    const best = Math.max(0, ...shares.map(({ share }) => share));
    if (best === 0) return { passages: [], share: 0 };
    const good = shares.filter(({ share }) => share >= best * NEARLY).sort((a, b) => b.share - a.share);
    return { passages: good.map(({ passage }) => passage), share: best };
  }

  /** The line that says most of the text; null where none says any of it. */
  quoteFor(text: string): Quote | null {
    return this.support(stemsIn(text)).passages[0]?.quote ?? null;
  }
}

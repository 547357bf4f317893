import type { ResumeRecord } from '../parser/json-resume.js';
import { foldText, wordsOf } from './fold-text.js';
import { isCopied, listsCriteria, repeatsItself, type JobText } from './job-text.js';
import { mentionsOf, searchedText, type Mention, type SearchedText } from './mentions.js';
import { isNegated } from './negation.js';
import { personalLines } from './personal-lines.js';
import type { Evidence, ResumeText, ScoreFlag } from './score.js';
import type { Form } from './skill-names.js';

/** Lines that are looked at, and characters of each: more is no resume. */
const MOST_LINES = 3_000;
const LONGEST_LINE = 2_000;
const QUOTE_LIMIT = 240;
const MOST_FLAGS = 20;

type Standing = 'counts' | 'personal' | Exclude<ScoreFlag['kind'], 'negated'>;

/** Looks for evidence in one resume and notes what it refused. */
export class EvidenceSearch {
  private readonly text: SearchedText;
  private readonly hidden: ReadonlySet<number>;
  private readonly isPersonal: (index: number) => boolean;
  private readonly standings = new Map<number, Standing>();
  private readonly refused = new Map<string, ScoreFlag>();

  constructor(resume: ResumeText, record: ResumeRecord, private readonly jobText: JobText) {
    const lines = resume.lines.slice(0, MOST_LINES).map((line) => (line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line));
    this.text = searchedText(lines, foldText);
    this.hidden = new Set(resume.hiddenLines);
    this.isPersonal = personalLines(lines, this.text.folded, record);
  }

  get folded(): readonly string[] {
    return this.text.folded;
  }

  /** What was refused, in the order of the lines. */
  get flags(): ScoreFlag[] {
    return [...this.refused.values()].sort((a, b) => a.line - b.line || (a.kind < b.kind ? -1 : 1)).slice(0, MOST_FLAGS);
  }

  /** The first place that names one of the forms and may count. All others are looked at too, so that nothing refused stays unsaid. */
  find(forms: readonly Form[]): Evidence | null {
    let first: Evidence | null = null;
    for (const mention of mentionsOf(this.text, forms)) {
      const quote = (): Evidence => this.quote(mention.line, mention);
      const standing = this.standing(mention.line);
      if (standing === 'personal') continue;
      if (standing !== 'counts') this.refuse(standing, quote);
      else if (isNegated(this.text.folded[mention.line]!, mention.from, mention.to)) this.refuse('negated', quote);
      else first ??= quote();
    }
    return first;
  }

  /** Whether the line (from 0) may be evidence. */
  counts(line: number): boolean {
    return this.standing(line) === 'counts';
  }

  /** The line (from 0) as a quote that holds what was found in it. */
  quote(line: number, { from, to }: Pick<Mention, 'from' | 'to'> = { from: 0, to: 0 }): Evidence {
    return { quote: excerpt(this.text.lines[line]!, this.text.folded[line]!.slice(from, to)), line: line + 1 };
  }

  private refuse(kind: ScoreFlag['kind'], quote: () => Evidence): void {
    const flag = { kind, ...quote() };
    const key = `${kind} ${flag.line}`;
    if (!this.refused.has(key)) this.refused.set(key, flag);
  }

  private standing(line: number): Standing {
    const known = this.standings.get(line);
    if (known) return known;
    const standing = this.judge(line);
    this.standings.set(line, standing);
    return standing;
  }

  private judge(line: number): Standing {
    if (this.hidden.has(line + 1)) return 'hidden';
    if (this.isPersonal(line)) return 'personal';
    const folded = this.text.folded[line]!;
    const words = wordsOf(folded);
    if (isCopied(this.jobText, words)) return 'copied';
    if (listsCriteria(this.jobText, folded)) return 'listed';
    return repeatsItself(words) ? 'repeated' : 'counts';
  }
}

/** A part of a long line that holds the folded phrase; the line itself where it is short. */
function excerpt(line: string, phrase: string): string {
  if (line.length <= QUOTE_LIMIT) return line;
  const limit = Math.max(QUOTE_LIMIT, 2 * phrase.length + 80);
  for (let begin = 0; begin < line.length; begin += limit - phrase.length - 40) {
    const end = Math.min(line.length, begin + limit);
    const piece = line.slice(begin, end);
    if (foldText(piece).includes(phrase)) return `${begin > 0 ? '…' : ''}${piece.trim()}${end < line.length ? '…' : ''}`;
  }
  return line;
}

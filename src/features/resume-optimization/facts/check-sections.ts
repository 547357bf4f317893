import type { JobAnalysis, JobText } from '../sections/job-analysis.js';
import type { Section } from '../sections/section-plan.js';
import { checkClaim, sentencesOf, type ClaimRules, type Refusal } from './check-claim.js';
import { plainText, stemOf, wordsOf } from './plain-text.js';
import type { SourceFacts, SourceQuote } from './source-facts.js';
import { STOP_WORDS } from './word-lists.js';

/** A sentence of the result with the lines of the source that say it; a polite one of a letter has none. */
export interface KeptClaim {
  readonly section: string;
  readonly text: string;
  readonly quotes: readonly SourceQuote[];
}

/** A sentence that was not taken over, why, and what stands in its place; null where nothing does. */
export interface RefusedClaim {
  readonly section: string;
  readonly text: string;
  readonly reason: Refusal['kind'];
  readonly what: string;
  readonly instead: string | null;
}

export interface CheckedSection {
  readonly lines: readonly string[];
  readonly kept: readonly KeptClaim[];
  readonly refused: readonly RefusedClaim[];
}

/** The skills that the job asks for: what a writer is most tempted to add. */
const askedBy = ({ mustHave, niceToHave, keywords }: JobAnalysis): string[] => [...mustHave, ...niceToHave, ...keywords];

const stemsIn = (text: string): Set<string> => new Set(wordsOf(plainText(text)).filter(({ folded }) => !STOP_WORDS.has(folded)).map(({ folded }) => stemOf(folded)));

/** The lines of the source that may be used in place of refused ones: each once, the most alike first. */
function takeAlike(claim: string, left: string[]): string | null {
  const stems = stemsIn(claim);
  const shares = left.map((line) => [...stemsIn(line)].filter((stem) => stems.has(stem)).length);
  const best = shares.indexOf(Math.max(0, ...shares));
  return best < 0 || shares[best] === 0 ? null : left.splice(best, 1)[0]!;
}

/** Checks each line; a refused one gives way to the source's own words, so that what remains is true. Where nothing would remain, the source does. */
function checkLines(section: string, lines: readonly string[], source: readonly string[], facts: SourceFacts, rules: ClaimRules): CheckedSection {
  const [kept, refused]: [KeptClaim[], RefusedClaim[]] = [[], []];
  const quotesFor = (text: string): readonly SourceQuote[] => {
    const checked = checkClaim(text, facts, rules);
    return checked.kept ? checked.quotes : [];
  };
  const left = source.filter((line) => !lines.includes(line));
  const result = lines.flatMap((line) => {
    const checks = sentencesOf(line).map((sentence) => checkClaim(sentence, facts, rules));
    const [fault] = checks.flatMap((check) => (check.kept ? [] : check.refusals));
    if (fault) {
      const instead = takeAlike(line, left);
      refused.push({ section, text: line, reason: fault.kind, what: fault.text, instead });
      if (instead !== null) kept.push({ section, text: instead, quotes: quotesFor(instead) });
      return instead === null ? [] : [instead];
    }
    for (const check of checks) if (check.kept) kept.push({ section, text: check.claim, quotes: check.quotes });
    return [line];
  });
  if (result.length > 0 || source.length === 0) return { lines: result, kept, refused };
  return { lines: [...source], kept: source.map((text) => ({ section, text, quotes: quotesFor(text) })), refused };
}

/** Skills are those of the source, each once; the order is free. */
function checkSkills(section: Section, lines: readonly string[]): CheckedSection {
  const known = new Map(section.lines.map((name) => [name.toLowerCase(), name]));
  const items = lines.flatMap((line) => (known.has(line.toLowerCase()) ? [line] : line.split(/\s*[,;]\s*(?![^(]*\))/)));
  const named = [...new Set(items.map((name) => known.get(name.toLowerCase())).filter((name) => name !== undefined))];
  return {
    lines: [...named, ...section.lines.filter((name) => !named.includes(name))], kept: [],
    refused: items.filter((name) => !known.has(name.toLowerCase())).map((text) => ({ section: section.name, text, reason: 'skill', what: text, instead: null })),
  };
}

/** Checks what was written for a section against the lines that the section was read from. */
export function checkSection(section: Section, lines: readonly string[], facts: SourceFacts, analysis: JobAnalysis): CheckedSection {
  if (section.kind === 'skills') return checkSkills(section, lines);
  return checkLines(section.name, lines, section.lines, facts, { scope: section.kind === 'work' ? facts.entry(section.index) : facts.whole, asked: askedBy(analysis) });
}

/** Checks the paragraphs of a cover letter: it may name the job and the company, and everything else as the resume does. */
export const checkLetter = (lines: readonly string[], { title, company }: JobText, facts: SourceFacts, analysis: JobAnalysis): CheckedSection =>
  checkLines('cover letter', lines.flatMap(sentencesOf), [], facts, { scope: facts.whole, asked: askedBy(analysis), letter: [title, company] });

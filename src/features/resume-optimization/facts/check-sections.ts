import type { Section } from '../sections/section-plan.js';
import { sentencesOf } from '../sections/section-plan.js';
import { checkClaim, RESUME_RULES, type ClaimRules, type RefusalReason } from './check-claim.js';
import type { Quote, SourceScope, SourceText } from './source-text.js';
import { stemsIn } from './words.js';

/** A sentence of the result with the line of the source that says it. */
export interface KeptClaim {
  readonly section: string;
  readonly text: string;
  readonly quote: Quote | null;
}

/** A sentence that was not taken over, why, and what stands in its place; null where nothing does. */
export interface RefusedClaim {
  readonly section: string;
  readonly text: string;
  readonly reason: RefusalReason;
  readonly what: string;
  readonly instead: string | null;
}

export interface CheckedSection {
  readonly lines: readonly string[];
  readonly kept: readonly KeptClaim[];
  readonly refused: readonly RefusedClaim[];
}

/** The lines of the source that may be used in place of refused ones: each once, the most alike first. */
function takeAlike(claim: string, left: string[]): string | null {
  const stems = stemsIn(claim);
  const shares = left.map((line) => [...stemsIn(line)].filter((stem) => stems.has(stem)).length);
  const best = shares.indexOf(Math.max(0, ...shares));
  return best < 0 || shares[best] === 0 ? null : left.splice(best, 1)[0]!;
}

/** Checks each line; a refused one gives way to the source's own words, so that what remains is true. Where nothing would remain, the source does. */
export function checkLines(section: string, lines: readonly string[], source: readonly string[], scope: SourceScope, rules: ClaimRules): CheckedSection {
  const [kept, refused]: [KeptClaim[], RefusedClaim[]] = [[], []];
  const left = source.filter((line) => !lines.includes(line));
  const result = lines.flatMap((line) => {
    const checks = sentencesOf(line).map((sentence) => ({ sentence, check: checkClaim(sentence, scope, rules) }));
    const fault = checks.find(({ check }) => check.kind === 'refused');
    if (fault?.check.kind === 'refused') {
      const instead = takeAlike(line, left);
      refused.push({ section, text: line, reason: fault.check.reason, what: fault.check.what, instead });
      if (instead !== null) kept.push({ section, text: instead, quote: scope.quoteFor(instead) });
      return instead === null ? [] : [instead];
    }
    for (const { sentence, check } of checks) if (check.kind === 'kept') kept.push({ section, text: sentence, quote: check.quote });
    return [line];
  });
  if (result.length > 0 || source.length === 0) return { lines: result, kept, refused };
  return { lines: [...source], kept: source.map((text) => ({ section, text, quote: scope.quoteFor(text) })), refused };
}

/** Skills are those of the source, each once; the order is free. */
function checkSkills(section: Section, lines: readonly string[]): CheckedSection {
  const known = new Map(section.lines.map((name) => [name.toLowerCase(), name]));
  const named = [...new Set(lines.flatMap((line) => line.split(/\s*[,;]\s*(?![^(]*\))/)).map((name) => known.get(name.toLowerCase())).filter((name) => name !== undefined))];
  const refused = lines.filter((line) => !known.has(line.toLowerCase()) && !line.split(/\s*[,;]\s*/).every((name) => known.has(name.toLowerCase())));
  return {
    lines: [...named, ...section.lines.filter((name) => !named.includes(name))], kept: [],
    refused: refused.map((text) => ({ section: section.name, text, reason: 'name', what: text, instead: null })),
  };
}

/** Checks what was written for a section against the lines that the section was read from. */
export function checkSection(section: Section, lines: readonly string[], source: SourceText): CheckedSection {
  if (section.kind === 'skills') return checkSkills(section, lines);
  return checkLines(section.name, lines, section.lines, section.kind === 'work' ? source.within(section.lines) : source.whole, RESUME_RULES);
}

import { monthsIn, numbersIn } from './numbers.js';
import type { Quote, SourceScope } from './source-text.js';
import { namesIn, stemsIn } from './words.js';

/** Why a claim was refused: it holds a number, a date or a name that its source does not hold, or nothing there says it. */
export type RefusalReason = 'number' | 'date' | 'name' | 'unsupported';

export type ClaimCheck =
  | { readonly kind: 'kept'; readonly quote: Quote | null }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly what: string };

export interface ClaimRules {
  /** Share of the claim's words, 0 to 1, that one passage of the source must hold. */
  readonly support: number;
  /** Names beside those of the source: of the job and the company that a letter is written to. */
  readonly alsoKnown?: ReadonlySet<string>;
}

/** What a resume says about what was done must be said by its source, in other words at most. */
export const RESUME_RULES: ClaimRules = { support: 0.5 };
/** A letter also says what nobody needs to prove, so that only sentences with much content of their own need a source. */
export const LETTER_SUPPORT = 0.25;

/**
 * Checks one sentence against the lines that it may draw on, by code alone: a language model that was talked into something
 * cannot talk its way past. Of several faults the most telling is named.
 */
export function checkClaim(claim: string, scope: SourceScope, { support, alsoKnown = new Set() }: ClaimRules): ClaimCheck {
  const name = namesIn(claim).find((word) => !scope.has(word) && !alsoKnown.has(word.toLowerCase()));
  if (name !== undefined) return { kind: 'refused', reason: 'name', what: name };
  const stems = new Set([...stemsIn(claim)].filter((stem) => ![...alsoKnown].some((known) => known.startsWith(stem))));
  const { passages, share } = scope.support(stems);
  const [numbers, months] = [[...numbersIn(claim)], [...monthsIn(claim)]];
  const holding = passages.filter((passage) => numbers.every((value) => passage.numbers.has(value)));
  const [quoted] = holding.filter((passage) => months.every((value) => passage.months.has(value)));
  if (holding.length === 0 && numbers.length > 0) return { kind: 'refused', reason: 'number', what: numbers.find((value) => !passages[0]?.numbers.has(value)) ?? numbers[0]! };
  if (!quoted && months.length > 0) return { kind: 'refused', reason: 'date', what: String(months[0]) };
  if (share < support && stems.size > 0) return { kind: 'refused', reason: 'unsupported', what: claim };
  return { kind: 'kept', quote: quoted?.quote ?? null };
}

import { foldText } from '../../resume-analysis/scoring/fold-text.js';
import { readMonths } from './dates.js';
import { findPhrase } from './find-phrase.js';
import { isYear } from './numbers.js';
import { plainText, stemOf, wordsOf, type Word } from './plain-text.js';
import { isContent, numbersInContext, sameNumber, type Scope, type SourceFacts, type SourceQuote, type Statement } from './source-facts.js';
import { isCourtesyWord, isPlainWord, sensitiveKind, STOP_WORDS } from './word-lists.js';

/** What a claim says that the source does not: which kind of fact, and its words. */
export interface Refusal {
  readonly kind: 'date' | 'number' | 'name' | 'title' | 'merit' | 'skill' | 'responsibility' | 'word' | 'unsupported' | 'instruction';
  readonly text: string;
}

/** A claim is kept with the lines that support it, or refused with the reasons. */
export type CheckedClaim =
  | { readonly kept: true; readonly claim: string; readonly quotes: readonly SourceQuote[] }
  | { readonly kept: false; readonly claim: string; readonly refusals: readonly Refusal[] };

export interface ClaimRules {
  readonly scope: Scope;
  /** Skills that the job asks for: what a writer is most tempted to add. */
  readonly asked?: readonly string[];
  /** In a letter, sentences may be polite without claiming anything, and name the job that is applied for by these phrases. */
  readonly letter?: readonly string[];
}

/** Share of a claim's words of content that one place of the source must hold. */
const SUPPORT = 0.5;
const MOST_STATEMENTS = 3;
const LONGEST_CLAIM = 1_200;
const APPLIES = /\b(appl|position|role|opening|vacanc|join|advertised|interest|bewerb|stelle|poste|postul|candidature|rejoindre)/i;
/** What tells of the past is no longer about the job that is applied for. */
const TELLS = /\b(was|were|been|had|did|worked|served|held|led|became|war|waren|hatte|arbeitete|leitete|etais|avais|travaill)/i;

const isCapital = (text: string): boolean => /^\p{Lu}/u.test(text);
/** Written like a name: a capital within a sentence, capitals inside, digits or signs. */
const looksLikeName = ({ text, opens }: Word): boolean => (isCapital(text) && !opens) || /^.+\p{Lu}/u.test(text) || /[\d+#]/.test(text);

/** The text without the phrases by which the job applied for is called, where the sentence is about applying and nothing else. */
function withoutJob(text: string, phrases: readonly string[]): string {
  if (!APPLIES.test(text) || TELLS.test(text)) return text;
  return phrases.map((phrase) => plainText(phrase)).filter((phrase) => phrase !== '').sort((a, b) => b.length - a.length)
    .reduce((rest, phrase) => rest.split(phrase).join(' '), text);
}

function refusedWords(words: readonly Word[], { scope, letter }: ClaimRules): Refusal[] {
  return words.flatMap((word): Refusal[] => {
    const { folded, text } = word;
    if (STOP_WORDS.has(folded) && !(isCapital(text) && !word.opens && text.length > 3)) return [];
    const kind = sensitiveKind(folded);
    // Titles have to stand in the source as they are: who managed was not a manager by that.
    const isKnown = kind === 'title' ? scope.words.has(folded) || scope.words.has(folded.replace(/s$/, '')) : scope.stems.has(stemOf(folded));
    if (isKnown) return [];
    if (kind !== null) return [{ kind, text }];
    if (STOP_WORDS.has(folded)) return [];
    if (isPlainWord(folded) || (letter !== undefined && isCourtesyWord(folded))) return looksLikeName(word) && letter === undefined ? [{ kind: 'name', text }] : [];
    return [{ kind: looksLikeName(word) ? 'name' : 'word', text }];
  });
}

/** Names and titles of several words have to stand together in the source too: known words can be put together to a new name. */
function refusedSequences(text: string, words: readonly Word[], facts: SourceFacts, { scope, letter }: ClaimRules): Refusal[] {
  const groups: Word[][] = [];
  for (const word of words) {
    const last = groups.at(-1)?.at(-1);
    const adjacent = last !== undefined && /^[\s'&-]+$/.test(text.slice(last.at + last.text.length, word.at));
    const isPolite = word.text === 'I' || (letter !== undefined && isCourtesyWord(word.folded));
    const belongs = isCapital(word.text) && !isPolite && !(word.opens && (isPlainWord(word.folded) || STOP_WORDS.has(word.folded) || sensitiveKind(word.folded) === 'responsibility'));
    if (!belongs) groups.push([]);
    else if (adjacent && groups.length > 0) groups.at(-1)!.push(word);
    else groups.push([word]);
  }
  const ranks = words.flatMap((word, index) => (index > 0 && sensitiveKind(word.folded) === 'title' && sensitiveKind(words[index - 1]!.folded) === 'title' ? [[words[index - 1]!, word]] : []));
  return [...groups.filter((group) => group.length > 1), ...ranks].flatMap((group): Refusal[] => {
    const phrase = group.map((word) => word.text).join(' ');
    if (facts.says(scope, phrase)) return [];
    return [{ kind: group.some(({ folded }) => sensitiveKind(folded) === 'title') ? 'title' : 'name', text: phrase }];
  });
}

function refusedNumbers(text: string, words: readonly Word[], scope: Scope): { refusals: Refusal[]; cited: Statement[] } {
  const claimed = new Set(words.filter(isContent).map(({ folded }) => stemOf(folded)));
  const refusals: Refusal[] = [];
  const cited: Statement[] = [];
  for (const number of numbersInContext(text, words)) {
    const supporting = scope.statements.find((statement) =>
      statement.numbers.some((known) => sameNumber(number, known)) && (isYear(number) || claimed.size === 0 || [...claimed].some((stem) => statement.stems.has(stem))));
    if (supporting) cited.push(supporting);
    else refusals.push({ kind: isYear(number) ? 'date' : 'number', text: number.text });
  }
  return { refusals, cited };
}

/** The statements that hold most of the words, the best first, each adding words that those before it lack. */
function support(wanted: ReadonlySet<string>, scope: Scope): { share: number; statements: Statement[] } {
  const open = new Set(wanted);
  const statements: Statement[] = [];
  let share = 0;
  while (open.size > 0 && statements.length < MOST_STATEMENTS) {
    let best: Statement | null = null;
    let most = 0;
    for (const statement of scope.statements) {
      const held = [...open].filter((stem) => statement.stems.has(stem)).length;
      if (held > most) [best, most] = [statement, held];
    }
    if (!best) break;
    if (statements.length === 0) share = most / wanted.size;
    statements.push(best);
    for (const stem of best.stems) open.delete(stem);
  }
  return { share, statements };
}

const uniqueQuotes = (quotes: readonly SourceQuote[]): SourceQuote[] => [...new Map(quotes.map((quote) => [quote.line, quote])).values()].sort((a, b) => a.line - b.line).slice(0, 6);

function refusedSkills(text: string, asked: readonly string[], scope: Scope): Refusal[] {
  const known = scope.statements.map((statement) => foldText(statement.text));
  return asked.filter((skill) => findPhrase([foldText(text)], skill) >= 0 && findPhrase(known, skill) < 0).map((skill) => ({ kind: 'skill', text: skill }));
}

/** Months with their years are looked at as dates, so that their words may be of another language. */
function splitMonths(text: string, scope: Scope): { rest: string; refusals: Refusal[]; cited: Statement[] } {
  const found = readMonths(text);
  const cited = found.flatMap(({ month }) => scope.statements.filter((statement) => statement.months.has(month)).slice(0, 1));
  const refusals = found.filter(({ month }) => !scope.statements.some((statement) => statement.months.has(month))).map(({ text: words }): Refusal => ({ kind: 'date', text: words }));
  return { rest: found.reduceRight((rest, { at, end }) => `${rest.slice(0, at)} ${rest.slice(end)}`, text), refusals, cited };
}

/**
 * Holds one sentence against the source by code alone. Every name, date, number, title, degree and skill must stand in the
 * scope, numbers about the same thing; other words must be the source's or plain ones; and one place must hold half of its content.
 */
export function checkClaim(claim: string, facts: SourceFacts, rules: ClaimRules): CheckedClaim {
  const { scope, letter, asked = [] } = rules;
  const plain = plainText(claim.slice(0, LONGEST_CLAIM + 1));
  if (plain.length > LONGEST_CLAIM) return { kept: false, claim, refusals: [{ kind: 'unsupported', text: 'It is too long.' }] };
  const { rest: text, refusals: dates, cited: dated } = splitMonths(letter === undefined ? plain : withoutJob(plain, letter), scope);
  const words = wordsOf(text);
  const numbers = refusedNumbers(text, words, scope);
  const spelled = numbersInContext(text, words);
  const free = words.filter(({ at, folded }) => !spelled.some((number) => at >= number.at && at < number.end) || /\d\p{L}|\p{L}\d/u.test(folded));
  const refusals = [...dates, ...numbers.refusals, ...refusedSkills(text, asked, scope), ...refusedWords(free, rules), ...refusedSequences(text, free, facts, rules)];
  if (refusals.length > 0) return { kept: false, claim, refusals: [...new Map(refusals.map((refusal) => [refusal.text, refusal])).values()].slice(0, 12) };
  const content = new Set(free.filter((word) => isContent(word) && !(letter !== undefined && isCourtesyWord(word.folded))).map(({ folded }) => stemOf(folded)));
  const { share, statements } = support(content, scope);
  const quotes = uniqueQuotes([...statements, ...numbers.cited, ...dated].flatMap((statement) => facts.quotes(statement)));
  if (content.size === 0 && letter !== undefined && numbers.cited.length + dated.length === 0) return { kept: true, claim, quotes: [] };
  if (quotes.length === 0 || (content.size > 0 && share < SUPPORT)) return { kept: false, claim, refusals: [{ kind: 'unsupported', text: 'No line of the resume says this.' }] };
  return { kept: true, claim, quotes };
}

/** The sentences of a text; lines part them too. */
export const sentencesOf = (text: string): string[] =>
  text.split(/\n+|(?<=[.!?…。])\s+(?=[\p{Lu}\p{N}"'“„«(])/u).map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');

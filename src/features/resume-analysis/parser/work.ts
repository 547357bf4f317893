import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { cutEntries, type EntryPart } from './entries.js';
import type { ResumeWork } from './json-resume.js';
import { LOCATION, ORGANISATION, SELF_EMPLOYED, TITLE } from './lexicon.js';

const RANK = /\b(senior|junior|chief|vice|principal|regional|assistant|lead|head|sénior|júnior|pleno|leitende[r]?)\b/i;
const TOWN = /,\s+(?:\p{Lu}[\p{L}.'’-]+(?: \p{L}[\p{L}.'’-]+){0,2}|[A-Z]{2})(?:,\s*(?:\p{Lu}[\p{L}. ]+|[A-Z]{2,3}))?$/u;

interface Reading {
  /** The two phrases that matter, in their order. */
  readonly first: string;
  readonly second: string;
  /** Above zero where the words say that the title comes first, below where the employer does. */
  readonly evidence: number;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly highlights: readonly string[];
}

const isPlace = (text: string): boolean => LOCATION.test(text) && text.includes(',') && !TITLE.test(text) && !ORGANISATION.test(text);

function titleScore(text: string): number {
  if (SELF_EMPLOYED.test(text)) return -3;
  return (TITLE.test(text) ? 3 : 0) + (RANK.test(text) ? 1 : 0) - (ORGANISATION.test(text) ? 2.5 : 0) - (text.length > 60 ? 3 : 0);
}

/** "Engineer, Acme Inc" and "Engineer / Acme Inc" in one phrase. */
function splitPhrase({ text }: EntryPart): string[] {
  const bySlash = text.split(/\s+\/\s+/);
  if (bySlash.length === 2) return bySlash;
  const pieces = text.split(/,\s*/);
  if (pieces.length < 2) return [text];
  const cut = TITLE.test(pieces[0]!) ? pieces.length - 1 : 1;
  return [pieces.slice(0, cut).join(', '), pieces.slice(cut).join(', ')];
}

/** The two phrases of an entry that are its title and its employer, in the order of the page. */
function chooseTwo(parts: readonly EntryPart[]): readonly [string, string] {
  const texts = parts.length === 1 ? splitPhrase(parts[0]!) : parts.map((part) => part.text);
  const named = texts.filter((text) => !isPlace(text));
  // "Acme, Boston" looks like a place too; it is the employer where nothing else can be.
  const phrases = named.length >= Math.min(2, texts.length) ? named : texts;
  if (phrases.length <= 2) return [phrases[0] ?? '', phrases[1] ?? ''];
  const best = [...phrases.keys()].sort((a, b) => titleScore(phrases[b]!) - titleScore(phrases[a]!) || a - b)[0]!;
  if (best < 2 || titleScore(phrases[best]!) <= 0) return [phrases[0]!, phrases[1]!];
  return [phrases.find((text, index) => index !== best && ORGANISATION.test(text)) ?? phrases[0]!, phrases[best]!];
}

/** The employer without the town that it is followed by. */
const withoutTown = (name: string): string => {
  const town = TOWN.exec(name);
  return town && !ORGANISATION.test(town[0]) ? name.slice(0, town.index) : name;
};

/** Phrases beside title and employer that come again in other entries: the town where all of it was. */
function repeatedPlaces(entries: readonly (readonly EntryPart[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const parts of entries) {
    if (parts.length >= 3) for (const text of new Set(parts.map((part) => part.text))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([text, count]) => (count >= 2 && !TITLE.test(text) && !ORGANISATION.test(text) && text.split(' ').length <= 3 ? [text] : [])));
}

/** The jobs of a section. Entries of one resume are built alike, so all of them together tell whether titles or employers come first. */
export function readWork(lines: readonly TextLine[]): ResumeWork[] {
  const entries = cutEntries(lines, 'work', () => false);
  const places = repeatedPlaces(entries.map(({ parts }) => parts));
  const readings = entries.flatMap(({ date, parts, details }): Reading[] => {
    const [first, second] = chooseTwo(parts.length < 3 ? parts : parts.filter((part) => !places.has(part.text)));
    if (first === '' && second === '') return [];
    return [{ first, second, evidence: second === '' ? 0 : titleScore(first) - titleScore(second), startDate: date?.start, endDate: date?.end, highlights: details }];
  });
  const total = readings.reduce((sum, reading) => sum + reading.evidence, 0);
  let previous = '';
  return readings.map(({ first, second, evidence, startDate, endDate, highlights }) => {
    const titleFirst = second === '' ? titleScore(first) > 0 : evidence + total > 0;
    const [position, name] = titleFirst ? [first, second] : [second, first];
    previous = name === '' ? previous : withoutTown(name);
    return { name: previous, position, startDate, endDate, ...(highlights.length === 0 ? {} : { highlights }) };
  });
}

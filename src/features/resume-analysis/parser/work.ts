import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { cutEntries, type EntryPart } from './entries.js';
import type { ResumeWork } from './json-resume.js';
import { LOCATION, ORGANISATION, SELF_EMPLOYED, TITLE } from './lexicon.js';

const RANK = /\b(senior|junior|chief|vice|principal|regional|assistant|lead|head)\b/i;

interface Reading {
  name: string;
  position: string;
  /** Whether the title came first; null where the words did not tell which is which. */
  titleFirst: boolean | null;
  readonly startDate?: string;
  readonly endDate?: string;
}

const isPlace = (text: string): boolean => LOCATION.test(text) && text.includes(',') && !TITLE.test(text) && !ORGANISATION.test(text);

/** "Engineer, Acme Inc" in one phrase. */
function splitAtComma(part: EntryPart): EntryPart[] {
  const pieces = part.text.split(/,\s*/);
  if (pieces.length < 2) return [part];
  const cut = TITLE.test(pieces[0]!) ? pieces.length - 1 : 1;
  return [{ ...part, text: pieces.slice(0, cut).join(', ') }, { ...part, text: pieces.slice(cut).join(', ') }];
}

function scoreTitle(text: string): number {
  if (SELF_EMPLOYED.test(text)) return -1;
  return (TITLE.test(text) ? 3 : 0) + (RANK.test(text) ? 1 : 0) - (ORGANISATION.test(text) ? 2.5 : 0) - (text.length > 60 ? 3 : 0);
}

/** Which phrase is the title and which the employer. */
function readParts(parts: readonly EntryPart[], previousName: string): Pick<Reading, 'name' | 'position' | 'titleFirst'> {
  const withoutPlaces = parts.length > 1 ? parts.filter((part) => !isPlace(part.text)) : parts;
  let phrases = withoutPlaces.length > 0 ? withoutPlaces : parts;
  if (phrases.length === 1) phrases = splitAtComma(phrases[0]!);
  const scored = phrases.map((part, index) => ({ text: part.text, index, score: scoreTitle(part.text) })).sort((a, b) => b.score - a.score || a.index - b.index);
  const title = scored[0];
  if (!title || title.score <= 0) return { name: phrases[0]?.text ?? '', position: phrases[1]?.text ?? '', titleFirst: null };
  const organisation = (text: string): number => (ORGANISATION.test(text) || SELF_EMPLOYED.test(text) ? 2 : 0);
  const others = scored.slice(1).sort((a, b) => organisation(b.text) - organisation(a.text) || a.index - b.index);
  return { name: others[0]?.text ?? previousName, position: title.text, titleFirst: phrases.length > 1 ? title.index === 0 : null };
}

/** The jobs of a section. Where an entry alone does not tell title from employer, the order of the others decides. */
export function readWork(lines: readonly TextLine[]): ResumeWork[] {
  const readings: Reading[] = [];
  const undecided: Reading[] = [];
  for (const { date, parts } of cutEntries(lines, 'work', () => false)) {
    const read = readParts(parts, readings.at(-1)?.name ?? '');
    if (read.name === '' && read.position === '') continue;
    const reading: Reading = { ...read, startDate: date?.start, endDate: date?.end };
    if (read.titleFirst === null && scoreTitle(read.position) <= 0) undecided.push(reading);
    readings.push(reading);
  }
  const votes = readings.reduce((sum, reading) => sum + (reading.titleFirst === null ? 0 : reading.titleFirst ? 1 : -1), 0);
  if (votes > 0) for (const reading of undecided) [reading.name, reading.position] = [reading.position, reading.name];
  return readings.map(({ name, position, startDate, endDate }) => ({ name, position, startDate, endDate }));
}

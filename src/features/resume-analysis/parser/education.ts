import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { cutEntries, type EntryPart } from './entries.js';
import type { ResumeEducation } from './json-resume.js';
import { LOCATION, trimPart } from './lexicon.js';
import { findDegree, isInstitution } from './study-words.js';

type Reading = Pick<ResumeEducation, 'institution' | 'studyType' | 'area'>;

/** Schools whose name goes on behind a comma: "University of California, Berkeley". */
const NAME_GOES_ON = /^(the )?(university of (california|texas|north carolina|wisconsin|massachusetts|illinois|maryland|london|michigan)|(indian|national) institute of \w+|california state university|state university of new york|école|universidad aut[óo]noma)$/i;
const GRADE = /\s*\(?(?:(?:c?gpa|grade|note|abschlussnote|mention|nota)\b.*|first[- ]class.*|upper second.*|2[:.]1\b.*|(?:summa |magna )?cum laude.*|with (?:distinction|honou?rs|merit).*|mit auszeichnung.*)\)?$/i;

/** "BSc Physics, University of Leeds" in one phrase is two; a town behind the school is neither. */
function splitMixed(part: EntryPart): EntryPart[] {
  const pieces = part.text.split(/,\s+(?=[\p{Lu}\d])|\s+\/\s+/u);
  const schools = pieces.filter(isInstitution);
  if (pieces.length < 2 || schools.length === 0) return [part];
  const first = pieces.findIndex(isInstitution);
  const hasDegree = pieces.some((piece) => findDegree(piece) && !isInstitution(piece));
  const others = hasDegree || pieces.length > 2 ? pieces.filter((piece) => !isInstitution(piece)) : pieces.slice(0, first);
  const name = NAME_GOES_ON.test(pieces[first]!) && pieces[first + 1] !== undefined && !findDegree(pieces[first + 1]!) ? `${pieces[first]}, ${pieces[first + 1]}` : schools.join(', ');
  const rest = others.filter((piece) => !name.includes(piece)).join(', ');
  const parts = [{ ...part, text: name }, ...(rest === '' ? [] : [{ ...part, text: rest }])];
  return first === 0 ? parts : parts.reverse();
}

/** Degree and subject of a phrase: "B.Sc. in Physics", "Physics (BSc)", "Bachelor, Physics", "Bachelor of Science in Business, Marketing". */
function readDegree(text: string): { studyType: string; area: string } {
  const found = findDegree(text);
  if (!found) return { studyType: '', area: text };
  const end = found.index + found.text.length;
  const behind = text.slice(end);
  const comma = /^[^,:(]*?\bin\b[^,:(]*(?:[,:]| in)\s+(?=\p{Lu})/u.exec(behind);
  if (comma && /^(bachelor|master|doctor|associate)/i.test(found.text)) {
    return { studyType: trimPart(text.slice(found.index, end + comma[0].length)).replace(/ in$/, ''), area: trimPart(behind.slice(comma[0].length)) };
  }
  const area = trimPart(behind.replace(/^['’]s\b/i, '').replace(/^[^\p{L}\p{N}]*(?:degree|diploma|diplôme|studium)?[^\p{L}\p{N}]*(?:(?:in|of|en|em|de|in der|des|:|-)\s+)?/iu, (match) => (/\($/.test(match) ? '' : ' ')));
  const before = trimPart(text.slice(0, found.index));
  return { studyType: found.text, area: trimPart(area.replace(/^\)+/, '').replace(/^([^(]*)\)$/, '$1')) || before };
}

const isPlace = (text: string): boolean => (LOCATION.test(text) && /^[^,]+,[^,]+(?:, ?[A-Z]{2,3})?$/.test(text)) || /^[A-Z]{2}$/.test(text);

/** Degree and subject of the phrases that are not the school. */
function readRest(rest: readonly string[]): Pick<Reading, 'studyType' | 'area'> {
  const phrases = rest.map((text) => text.replace(GRADE, '').trim()).filter((text) => text !== '');
  const degree = phrases.find((text) => findDegree(text));
  const subject = phrases.find((text) => text !== degree && !isPlace(text)) ?? '';
  if (degree === undefined) return { studyType: '', area: subject };
  const read = readDegree(degree);
  // "Bachelor of Science in Business" above "Marketing": the whole first line is the degree.
  if (read.area !== '' && subject !== '' && /^(bachelor|master|doctor|associate)\b.*\b(in|of)\b/i.test(degree)) return { studyType: degree, area: subject };
  return { studyType: read.studyType, area: read.area || subject };
}

/** How the schools of the section are set where their words tell that they are schools. */
function styleOfSchools(entries: readonly (readonly EntryPart[])[]): { style: string | null; position: number | null } {
  const known = entries.flatMap((parts) => {
    const position = parts.findIndex((part) => isInstitution(part.text));
    return position < 0 ? [] : [{ style: parts[position]!.style, position, unlike: parts.some((part) => part.style !== parts[position]!.style) }];
  });
  const first = known[0];
  return { style: first?.unlike ? first.style : null, position: first?.position ?? null };
}

/** The school of an entry: by its words, else by looking like the schools of the other entries, else what is no degree. */
function schoolOf(parts: readonly EntryPart[], usual: { style: string | null; position: number | null }): EntryPart | undefined {
  const named = parts.find((part) => isInstitution(part.text));
  if (named) return named;
  const free = parts.filter((part) => !findDegree(part.text) && !isPlace(part.text));
  const alike = free.filter((part) => part.style === usual.style);
  if (alike.length > 0) return alike[0];
  const degree = parts.find((part) => findDegree(part.text));
  const needsArea = degree !== undefined && readDegree(degree.text).area === '';
  // A degree without a subject in its phrase is followed by the subject.
  if (needsArea && free.length > 1) return usual.position === 0 || parts.indexOf(free[0]!) < parts.indexOf(degree) ? free[0] : free.at(-1);
  return free[0] ?? (parts.length > 1 ? parts.find((part) => part !== degree) : undefined) ?? parts[0];
}

/** The courses of study of a section. A single date is when it ended. */
export function readEducation(lines: readonly TextLine[]): ResumeEducation[] {
  const entries = cutEntries(lines, 'education', isInstitution).map(({ date, parts }) => ({ date, parts: parts.flatMap(splitMixed) }));
  const usual = styleOfSchools(entries.map(({ parts }) => parts));
  return entries.flatMap(({ date, parts }) => {
    const school = schoolOf(parts, usual);
    if (!school) return [];
    const rest = readRest(parts.filter((part) => part !== school).map((part) => part.text));
    return [{ institution: school.text.replace(GRADE, ''), ...rest, startDate: date?.start, endDate: date?.end }];
  });
}

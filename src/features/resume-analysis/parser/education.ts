import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { cutEntries, type EntryPart } from './entries.js';
import type { ResumeEducation } from './json-resume.js';
import { DEGREE, INSTITUTION, LOCATION, trimPart } from './lexicon.js';

const isInstitution = (text: string): boolean => INSTITUTION.test(text) && !/^(bachelor|master|doctor|associate|high school diploma)/i.test(text);

/** "BSc Physics, University of Leeds" in one phrase is two. */
function splitMixed(part: EntryPart): string[] {
  const pieces = part.text.split(/,\s+(?=\p{Lu})/u);
  if (pieces.length < 2 || !pieces.some(isInstitution) || !pieces.some((piece) => DEGREE.test(piece) && !isInstitution(piece))) return [part.text];
  return [pieces.filter((piece) => !isInstitution(piece)).join(', '), pieces.filter(isInstitution).join(', ')];
}

/** Degree and subject of a phrase: "B.Sc. in Physics", "Physics (BSc)", "Bachelor, Physics". */
function readDegree(text: string): { studyType: string; area: string } {
  const found = DEGREE.exec(text);
  if (!found) return { studyType: '', area: text };
  const behind = trimPart(text.slice(found.index + found[0].length).replace(/^\W*(degree\s*)?(in|of|en|em|:|-)\s+/i, '').replace(/^\s*degree\b/i, '').replace(/^['’]s\b/i, ''));
  const before = trimPart(text.slice(0, found.index));
  return { studyType: found[0].trim(), area: behind.replace(/\)$/, '').trim() || before };
}

function readParts(parts: readonly EntryPart[]): Pick<ResumeEducation, 'institution' | 'studyType' | 'area'> | null {
  const phrases = parts.flatMap(splitMixed);
  const institution = phrases.find(isInstitution) ?? phrases.find((text) => !DEGREE.test(text) && !LOCATION.test(text)) ?? phrases[0];
  if (institution === undefined) return null;
  const rest = phrases.filter((text) => text !== institution);
  const degree = rest.find((text) => DEGREE.test(text));
  const subject = rest.find((text) => text !== degree && !(LOCATION.test(text) && text.includes(',')) && !/^[A-Z]{2}$/.test(text));
  if (degree === undefined) return { institution, studyType: '', area: subject ?? '' };
  const read = readDegree(degree);
  return { institution, studyType: read.studyType, area: read.area || (subject ?? '') };
}

/** The courses of study of a section. A single date is when it ended. */
export function readEducation(lines: readonly TextLine[]): ResumeEducation[] {
  const entries: ResumeEducation[] = [];
  for (const { date, parts } of cutEntries(lines, 'education', isInstitution)) {
    const read = readParts(parts);
    if (read) entries.push({ ...read, startDate: date?.start, endDate: date?.end });
  }
  return entries;
}

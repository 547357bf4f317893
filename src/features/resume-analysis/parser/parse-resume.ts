import type { ExtractedDocument } from '../../../infrastructure/documents/text-line.js';
import { findEmail, findLinks, findName, findPhone } from './contact.js';
import { readEducation } from './education.js';
import type { ResumeRecord } from './json-resume.js';
import { linesOf, splitSections } from './sections.js';
import { readSkills } from './skills.js';
import { readWork } from './work.js';

/** Changes whenever the same file may give another record. */
export const PARSER_VERSION = '5';

/**
 * Reads a resume into a JSON Resume record, by position, dates and word lists; no model, no network, the same bytes give the
 * same record. What is not found is empty, never guessed.
 */
export function parseResume(document: ExtractedDocument): ResumeRecord {
  const sections = splitSections(document.lines);
  const email = findEmail(document);
  const name = findName(document.lines, email);
  const links = findLinks(document);
  const work = readWork(linesOf(sections, 'work'));
  return {
    basics: { name, email, phone: findPhone(document, sections), label: work[0]?.position ?? '', url: '', profiles: links.map((url) => ({ url })) },
    work,
    education: readEducation(linesOf(sections, 'education')),
    skills: readSkills(sections, name),
  };
}

import { headingOf } from '../parser/headings.js';
import type { ResumeRecord } from '../parser/json-resume.js';
import { foldText, wordsOf } from './fold-text.js';

const HEAD_LINES = 12;
/** Lines of the head that are longer say what somebody can do, not who they are. */
const SHORT = 5;
const LABELS = 'name|full name|vorname|nachname|nom|prenom|nombre|nome|date of birth|birth ?date|d\\.?o\\.?b\\.?|place of birth|birthplace|age|gender|sex|pronouns|nationality|citizenship|marital status|civil status|family status|religion|children'
  + '|home address|address|residence|photo|photograph|picture|geburtsdatum|geburtsort|alter|geschlecht|staatsangehorigkeit|nationalitat|familienstand|anschrift|adresse|wohnort|foto|lichtbild|date de naissance|lieu de naissance|sexe'
  + '|nationalite|situation familiale|fecha de nacimiento|edad|sexo|nacionalidad|estado civil|direccion|domicilio|data de nascimento|idade|nacionalidade|endereco';
const STREETS = 'street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|terrace|close|crescent';
const PERSONAL: readonly RegExp[] = [
  new RegExp(`^\\W*(?:${LABELS})\\b ?[:|=–-]`), /^\W*(?:born|geboren|nee? le|nacid[oa]|nascid[oa])\b/, /\b\d{2}[ -](?:years?[ -]old|jahre alt|ans\b(?! d)|anos de edad)/, /^\W*aged? \d{2}\b/, /^\W*(?:he|she|they)\/\w+/,
  new RegExp(`(?:^|[,:|] ?)\\d{1,5}[a-z]?,? (?:[a-z.'-]+ ){1,3}(?:${STREETS})\\.?(?=\\s*(?:[,|]|$))`), /[a-z]{3,}(?:strasse|str\.|weg|platz|allee|gasse|ufer) \d{1,4}\b/, /\b\d{1,4},? (?:bis )?(?:rue|avenue|boulevard|place|chemin|quai|impasse) /,
];
const CONTACT = /\S@\S+\.\w|\bhttps?:|\bwww\.|\b(?:linkedin|github|gitlab|twitter)\.com\b|\+?\(?\d[\d ()/.-]{7,}\d/;

/** Last line of the head that tells how to reach the person; -1 where none does. */
function lastContact(lines: readonly string[]): number {
  let last = -1;
  for (let index = 0; index < Math.min(HEAD_LINES, lines.length); index += 1) {
    if (headingOf(lines[index]!.trim())) break;
    if (CONTACT.test(lines[index]!)) last = index;
  }
  return last;
}

/**
 * Which lines tell who somebody is and not what they can do: name, age, gender, address, ways to reach them. They never count,
 * so that another name or address changes nothing.
 */
export function personalLines(lines: readonly string[], folded: readonly string[], { basics }: ResumeRecord): (index: number) => boolean {
  const name = foldText(basics.name);
  const full = name.includes(' ') ? name : null;
  const email = basics.email.toLowerCase();
  const headEnd = Math.max(lastContact(lines) + 1, 1);
  return (index) => {
    const line = folded[index]!;
    if (index === 0 && name === '') return true;
    if (name !== '' && (line === name || (full !== null && line.includes(full)))) return true;
    if (email !== '' && line.includes(email)) return true;
    if (index <= headEnd && (CONTACT.test(lines[index]!) || (headingOf(lines[index]!.trim()) === null && wordsOf(line).length <= SHORT))) return true;
    return PERSONAL.some((pattern) => pattern.test(line));
  };
}

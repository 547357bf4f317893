import type { TextLine } from '../../../infrastructure/documents/text-line.js';
import { BULLET, LOCATION, TITLE, trimPart } from './lexicon.js';
import { linesOf, median, type Section } from './sections.js';

const LEVEL = /^(master|expert|advanced|intermediate|beginner|novice|proficient|competent|fluent|native|basic|level|senior|junior|skilled|experienced|good|excellent|\d+\s*(years?|yrs?)|[\d.]+\s*\/\s*\d+|\d+\s*%)$/i;
/** What programs write in place of a picture. */
const PICTURE = /^(profile|photo|avatar|image|picture|logo|icon)\b/i;
const MAX_LENGTH = 45;
const MAX_WORDS = 5;
const MAX_SKILLS = 150;

/** The phrases of a line: separated by commas, bars and bullets; a group name before a colon counts too. */
function phrasesOf(segment: string): string[] {
  const text = segment.replace(BULLET, '');
  const group = /^([^:]{2,40}):\s*(.*)$/.exec(text);
  const phrases = (group ? group[2]! : text).split(/\s*[,;|•·●▪◦]\s*|\s{2,}/);
  return group ? [group[1]!, ...phrases] : phrases;
}

/** Short lines of a narrow column may be skills without a heading. */
function unheadedSkills(sections: readonly Section[]): TextLine[] {
  const lines = linesOf(sections, 'header', 'contact', 'summary');
  const usual = median(sections.flatMap((section) => section.lines.map((line) => line.height)), 10);
  const short = lines.filter((line) => line.column > 0 && line.height < usual * 1.6 && line.text.length < 32 && !/[@\d/]|https?:|\.\w{2,}$/.test(line.text) && !LOCATION.test(line.text) && !TITLE.test(line.text) && !PICTURE.test(line.text));
  return short.length >= 3 ? short : [];
}

/** The skills that the resume names, each once, in its order. */
export function readSkills(sections: readonly Section[], name: string): { name: string }[] {
  const headed = linesOf(sections, 'skills');
  const skills = new Map<string, string>();
  for (const line of headed.length > 0 ? headed : unheadedSkills(sections)) {
    for (const phrase of line.segments.flatMap(phrasesOf)) {
      const text = trimPart(phrase.replace(/\.$/, '')).replace(/\s*\((master|expert|advanced|intermediate|beginner)\)$/i, '');
      const fits = text !== '' && text.length <= MAX_LENGTH && text.split(' ').length <= MAX_WORDS && /\p{L}/u.test(text) && !LEVEL.test(text);
      if (fits && text.toLowerCase() !== name.toLowerCase() && skills.size < MAX_SKILLS) skills.set(text.toLowerCase(), text);
    }
  }
  return [...skills.values()].map((skill) => ({ name: skill }));
}

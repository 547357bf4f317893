import { headingOf } from './headings.js';
import { BULLET } from './lexicon.js';
import type { MarkedLine } from './marked-lines.js';
import { LONGEST_PHRASE } from './wrapped-lines.js';

const MOST_DETAILS = 60;
const LONGEST_DETAIL = 1_000;
/** A word that only announces what follows. */
const ANNOUNCEMENT = /^(highlights|responsibilities|key achievements|achievements|description|summary|tasks|aufgaben|missions?|atividades|responsabilidades)\s*:?$/i;
const ENDS_SENTENCE = /[.!?;:]$/;

const isBulleted = ({ line, text }: MarkedLine): boolean => line.bullet || BULLET.test(text);
const withoutBullet = (text: string): string => text.replace(BULLET, '').trim();

/** Whether the line is the rest of the sentence before it. Lines that the width of their column broke are put together already, up to a length. */
const continues = (open: string, current: MarkedLine): boolean =>
  !isBulleted(current) && !ENDS_SENTENCE.test(open) && (/^\p{Ll}/u.test(current.text) || open.length >= LONGEST_PHRASE);

/** The sentences and bullets of an entry's lines below its head, each put together from the lines over which it runs. */
export function detailsOf(lines: readonly MarkedLine[]): string[] {
  const details: string[] = [];
  for (const current of lines) {
    if (ANNOUNCEMENT.test(current.text) || headingOf(current.text)) continue;
    const text = withoutBullet(current.text);
    if (text === '') continue;
    const open = details.at(-1);
    if (open !== undefined && continues(open, current)) {
      details[details.length - 1] = `${/\p{L}-$/u.test(open) ? open.slice(0, -1) : `${open} `}${text}`.slice(0, LONGEST_DETAIL);
    } else {
      details.push(text.slice(0, LONGEST_DETAIL));
    }
  }
  return details.slice(0, MOST_DETAILS);
}

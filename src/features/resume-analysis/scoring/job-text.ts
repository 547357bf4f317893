import { foldText, wordsOf } from './fold-text.js';

/** Words in a row that are looked up together. */
const RUN = 5;
/** As many words in a row, word for word, are no coincidence; a whole line is already with fewer. */
const COPIED_WORDS = 8;
/** As many criteria side by side in the job's own words and order are a copy of the list. */
const LISTED = 4;
const BETWEEN = /^[\s,;|/•·&()*-]*(?:(?:and|und|et|y|e) )?/;

/** The text of a job opening, prepared to find what was copied from it. */
export interface JobText {
  readonly runs: ReadonlySet<string>;
  readonly labels: readonly string[];
}

const runsOf = (words: readonly string[]): string[] => Array.from({ length: Math.max(0, words.length - RUN + 1) }, (_, index) => words.slice(index, index + RUN).join(' '));

export const jobText = (description: string, labels: readonly string[]): JobText => ({
  runs: new Set(description.split('\n').flatMap((paragraph) => runsOf(wordsOf(foldText(paragraph))))),
  labels: labels.map(foldText).filter((label) => label !== ''),
});

/** Whether the words were taken from the job's own text: many in a row, or all of a line. */
export function isCopied({ runs }: JobText, words: readonly string[]): boolean {
  if (runs.size === 0 || words.length < RUN) return false;
  let [inRow, longest] = [0, 0];
  for (const run of runsOf(words)) {
    inRow = runs.has(run) ? inRow + 1 : 0;
    longest = Math.max(longest, inRow);
  }
  const copied = longest === 0 ? 0 : longest + RUN - 1;
  return copied >= COPIED_WORDS || copied === words.length;
}

/** Whether the folded line lists the job's criteria as the job does. */
export function listsCriteria({ labels }: JobText, line: string): boolean {
  for (let first = 0; first + LISTED <= labels.length; first += 1) {
    let [count, end] = [0, line.indexOf(labels[first]!)];
    while (end >= 0 && first + count < labels.length && line.startsWith(labels[first + count]!, end)) {
      end += labels[first + count]!.length;
      count += 1;
      end += BETWEEN.exec(line.slice(end))![0].length;
    }
    if (count >= LISTED) return true;
  }
  return false;
}

/** Whether words are repeated for their own sake: the same one to three words three times in a row. */
export function repeatsItself(words: readonly string[]): boolean {
  for (let size = 1; size <= 3; size += 1) {
    let equal = 0;
    for (let index = size; index < words.length; index += 1) {
      equal = words[index] === words[index - size] ? equal + 1 : 0;
      if (equal >= 2 * size) return true;
    }
  }
  return false;
}

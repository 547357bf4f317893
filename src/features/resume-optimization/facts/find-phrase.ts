import { names } from '../../resume-analysis/scoring/mentions.js';
import { formsOf } from '../../resume-analysis/scoring/skill-names.js';

/** The number of the first folded line that names the phrase or another way to write it; -1 where none does. */
export function findPhrase(foldedLines: readonly string[], phrase: string): number {
  const forms = formsOf(phrase);
  return foldedLines.findIndex((line) => names(line, forms));
}

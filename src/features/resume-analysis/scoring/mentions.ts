import type { Form } from './skill-names.js';

/** A resume as it is searched: its lines as they are, folded, and all folded ones in one text. */
export interface SearchedText {
  readonly lines: readonly string[];
  readonly folded: readonly string[];
  readonly whole: string;
  /** Where each line begins in the whole. */
  readonly starts: readonly number[];
}

/** Where a form stands: the index of the line, and the place in the folded line. */
export interface Mention {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

export function searchedText(lines: readonly string[], fold: (line: string) => string): SearchedText {
  const folded = lines.map(fold);
  const starts: number[] = [];
  let at = 0;
  for (const line of folded) {
    starts.push(at);
    at += line.length + 1;
  }
  return { lines, folded, whole: folded.join('\n'), starts };
}

function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 43 || code === 35;
  return /[\p{L}\p{N}]/u.test(String.fromCharCode(code));
}

const DOT = 46;

/** Whether the phrase at this place is whole words: "go" is not in "google", "c" not in "c++", "js" not in "node.js"; a plural is the same word. */
function isWhole(text: string, at: number, phrase: string): boolean {
  const end = at + phrase.length;
  if (isWordCode(phrase.charCodeAt(0)) && at > 0) {
    const before = text.charCodeAt(at - 1);
    if (isWordCode(before) || (before === DOT && at > 1 && isWordCode(text.charCodeAt(at - 2)))) return false;
  }
  if (!isWordCode(phrase.charCodeAt(phrase.length - 1)) || end >= text.length || !isWordCode(text.charCodeAt(end))) return true;
  return text[end] === 's' && (end + 1 >= text.length || !isWordCode(text.charCodeAt(end + 1)));
}

/** Whether the folded line names one of the forms. */
export const names = (line: string, forms: readonly Form[]): boolean => forms.some(({ text }) => {
  for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1)) if (isWhole(line, at, text)) return true;
  return false;
});

function lineAt(starts: readonly number[], place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Every place that names one of the forms, in the order of the text. */
export function mentionsOf(text: SearchedText, forms: readonly Form[]): Mention[] {
  const found: Mention[] = [];
  for (const form of forms) {
    for (let at = text.whole.indexOf(form.text); at >= 0; at = text.whole.indexOf(form.text, at + 1)) {
      if (!isWhole(text.whole, at, form.text)) continue;
      const line = lineAt(text.starts, at);
      if (form.written && !form.written.test(text.lines[line]!)) continue;
      found.push({ line, from: at - text.starts[line]!, to: at - text.starts[line]! + form.text.length });
    }
  }
  return found.sort((a, b) => a.line - b.line || a.from - b.from || a.to - b.to);
}

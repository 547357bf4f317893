import type { StyledText } from './text-pieces.js';

/** Width in points of texts that stand one after the other. */
export type Measure = (texts: readonly StyledText[]) => number;

interface Word {
  readonly start: number;
  /** Without the spaces behind it. */
  readonly end: number;
  readonly width: number;
}

/** The part of the texts between two positions of their joined letters. */
function cut(texts: readonly StyledText[], start: number, end: number): StyledText[] {
  const parts: StyledText[] = [];
  let at = 0;
  for (const text of texts) {
    const [from, to] = [Math.max(start, at) - at, Math.min(end, at + text.text.length) - at];
    if (to > from) parts.push({ ...text, text: text.text.slice(from, to) });
    at += text.text.length;
  }
  return parts;
}

/** A word that is wider than the line, such as a long address, cut into parts that fit. */
function cutWord(word: Word, whole: string, texts: readonly StyledText[], width: number, measure: Measure): Word[] {
  const parts: Word[] = [];
  const known = new Map<string, number>();
  let [start, at, sum] = [word.start, word.start, 0];
  for (const character of whole.slice(word.start, word.end)) {
    const own = known.get(character) ?? measure(cut(texts, at, at + character.length));
    known.set(character, own);
    if (sum + own > width && at > start) {
      parts.push({ start, end: at, width: sum });
      [start, sum] = [at, 0];
    }
    sum += own;
    at += character.length;
  }
  return [...parts, { start, end: at, width: sum }];
}

/** Breaks text into lines of at most so many points, at its spaces where that is possible. */
export function breakLines(texts: readonly StyledText[], width: number, measure: Measure): StyledText[][] {
  const whole = texts.map(({ text }) => text).join('');
  const words = [...whole.matchAll(/[^ ]+/g)].flatMap(({ index, 0: letters }): Word[] => {
    const end = index + letters.length;
    const word = { start: index, end, width: measure(cut(texts, index, end)) };
    return word.width > width ? cutWord(word, whole, texts, width, measure) : [word];
  });
  const lines: StyledText[][] = [];
  let line: { start: number; end: number; width: number } | null = null;
  for (const word of words) {
    const space: number = line && word.start > line.end ? measure(cut(texts, line.end, word.start)) : 0;
    if (line && line.width + space + word.width <= width) {
      line = { start: line.start, end: word.end, width: line.width + space + word.width };
    } else {
      if (line) lines.push(cut(texts, line.start, line.end));
      line = { ...word };
    }
  }
  if (line) lines.push(cut(texts, line.start, line.end));
  return lines;
}

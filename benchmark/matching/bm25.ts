import type { JobRequirements } from '../../src/features/resume-analysis/scoring/score.js';

/** The usual constants of Okapi BM25, with the length of a middling resume. */
const [K, B, USUAL_LENGTH] = [1.2, 0.75, 400];
const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}+#]+/gu) ?? [];

/** The least that any scoring of a text must do: cut it into words, count those that the job names, weigh them. Explains nothing. */
export function bm25Score({ title, criteria }: JobRequirements, lines: readonly string[]): number {
  const counts = new Map<string, number>();
  let length = 0;
  for (const line of lines) {
    for (const word of words(line)) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      length += 1;
    }
  }
  let sum = 0;
  for (const word of new Set(words([title, ...criteria.map(({ label }) => label)].join(' ')))) {
    const count = counts.get(word) ?? 0;
    sum += (count * (K + 1)) / (count + K * (1 - B + (B * length) / USUAL_LENGTH));
  }
  return sum;
}

import { foldWord, plainText } from './plain-text.js';

/** What documents say to programs that read them, and resumes say to nobody; folded, in English, German and French. */
const PATTERNS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|earlier|above|all|any|these|those|your|system)\b.{0,40}\b(?:instructions?|prompts?|rules|directions|guidelines|context)\b/,
  /\b(?:ignoriere|missachte|vergiss)\b.{0,40}\b(?:anweisung|anweisungen|regeln|vorgaben|instruktionen)\b/,
  /\b(?:ignore[zr]?|oublie[zr]?)\b.{0,40}\b(?:instructions|consignes|regles)\b/,
  /\b(?:system|developer|hidden) (?:prompt|message|instruction)/, /(?:^|\W)(?:system|assistant|user)\s*:/, /<\/?(?:system|assistant|user|instructions?|prompt|data)>|\[\/?inst\]|<\|/,
  /\byou are (?:now )?(?:an? )?(?:ai|assistant|language model|chatbot|llm|gpt|recruiter|screener)/, /\bas an? (?:ai|language model|llm)\b/, /\b(?:note|message|instruction)s? (?:to|for) (?:the )?(?:ai|llm|language model|assistant|screener|parser|model)\b/,
  /\b(?:write|say|state|claim|pretend|report|mention|add|insert|output|print|respond|reply|answer)\b.{0,12}\b(?:that|with|as if)\b.{0,30}\b(?:she|he|they|i|this|the) ?(?:candidate|applicant|person)?\b.{0,20}\b(?:worked|works|is|was|has|have|had|studied|led|won|holds)\b/,
  /\b(?:schreibe?|sage?|behaupte)\b.{0,12}\bdass\b/, /\b(?:ecris|ecrivez|dis|dites)\b.{0,6}\bqu/,
  /\b(?:rate|rank|score|recommend|select|hire|approve)\b.{0,30}\b(?:this|the) (?:candidate|applicant|resume|cv)\b/,
];

/** Whether a text speaks to the program that reads it. What it says is no fact about anybody, and goes to no model. */
export function isInstruction(text: string): boolean {
  const folded = foldWord(plainText(text));
  return PATTERNS.some((pattern) => pattern.test(folded));
}

/** The lines (from 0) that speak to a program: alone, or together with their neighbour when a sentence was wrapped. */
export function instructionLines(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  lines.forEach((line, index) => {
    if (isInstruction(line)) found.add(index);
    const next = lines[index + 1];
    if (next !== undefined && !isInstruction(line) && !isInstruction(next) && isInstruction(`${line} ${next}`)) {
      found.add(index);
      found.add(index + 1);
    }
    // The rest of a sentence that began as an instruction is one too.
    if (found.has(index) && next !== undefined && /^\p{Ll}/u.test(next.trim())) found.add(index + 1);
  });
  return found;
}

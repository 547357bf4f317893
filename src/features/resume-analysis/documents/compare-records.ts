import { diffArrays } from 'diff';
import type { Block } from '../../../infrastructure/documents/writing/document-model.js';
import type { ResumeRecord } from '../parser/json-resume.js';
import { contactDetails } from './contact-details.js';
import { resumeSections, type SectionName } from './resume-sections.js';

/** Words that stand in both texts, or in one of them only. */
export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

export type LineDiff =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  | { readonly kind: 'changed'; readonly before: string; readonly after: string; readonly parts: readonly DiffPart[] };

export interface SectionDiff {
  readonly section: 'contact' | SectionName;
  readonly heading: string;
  readonly changed: boolean;
  readonly lines: readonly LineDiff[];
}

/** Steps from one text to the other beyond which they count as different altogether; time grows with its square. */
const MOST_EDITS = 1_500;
/** Share of words in common from which on two lines are the same line, reworded. */
const ALIKE = 0.35;
const MOST_PAIRS = 10_000;

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
const contentWords = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);

/** The words of two texts side by side. */
export function diffWords(before: string, after: string): DiffPart[] {
  const changes = diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: MOST_EDITS });
  if (!changes) return [{ kind: 'removed', text: before }, { kind: 'added', text: after }];
  return changes.map(({ added, removed, value }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: value.join('') }));
}

function likeness(before: ReadonlySet<string>, after: ReadonlySet<string>): number {
  let common = 0;
  for (const word of before) if (after.has(word)) common += 1;
  return (2 * common) / Math.max(1, before.size + after.size);
}

/** Pairs lines that were reworded, the most alike first and in their order; the rest was removed or added. */
function pairLines(removed: readonly string[], added: readonly string[]): LineDiff[] {
  if (removed.length * added.length > MOST_PAIRS) return [...removed.map((text) => ({ kind: 'removed', text }) as const), ...added.map((text) => ({ kind: 'added', text }) as const)];
  const [before, after] = [removed.map(contentWords), added.map(contentWords)];
  const lines: LineDiff[] = [];
  let next = 0;
  removed.forEach((text, index) => {
    const scores = after.slice(next).map((words) => likeness(before[index]!, words));
    const best = Math.max(0, ...scores);
    if (best < ALIKE) {
      lines.push({ kind: 'removed', text });
      return;
    }
    const match = next + scores.indexOf(best);
    lines.push(...added.slice(next, match).map((line) => ({ kind: 'added', text: line }) as const), { kind: 'changed', before: text, after: added[match]!, parts: diffWords(text, added[match]!) });
    next = match + 1;
  });
  return [...lines, ...added.slice(next).map((text) => ({ kind: 'added', text }) as const)];
}

function diffLines(before: readonly string[], after: readonly string[]): LineDiff[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: MOST_EDITS }) ?? [{ removed: true, added: false, value: [...before] }, { removed: false, added: true, value: [...after] }];
  const lines: LineDiff[] = [];
  for (let index = 0; index < changes.length; index += 1) {
    const { added, removed, value } = changes[index]!;
    const following = changes[index + 1];
    if (removed && following?.added) {
      lines.push(...pairLines(value, following.value));
      index += 1;
    } else {
      lines.push(...value.map((text) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text }) as const));
    }
  }
  return lines;
}

function linesOf(block: Block): string[] {
  if (block.kind === 'list') return block.items.map((runs) => runs.map(({ text }) => text).join(''));
  if (block.kind === 'details') return block.items.map(({ text }) => text);
  if (block.kind === 'title' || block.kind === 'heading') return [block.text];
  const text = block.runs.map((run) => run.text).join('');
  return [block.kind === 'keyLine' && block.right ? `${text}  ${block.right}` : text];
}

type Shown = Pick<SectionDiff, 'section' | 'heading'> & { readonly lines: readonly string[] };

function shownSections(record: ResumeRecord): Shown[] {
  const { name, label } = record.basics;
  const contact = contactDetails(record.basics).map(({ text }) => text);
  const shown = [
    { section: 'contact', heading: 'Contact', lines: [name, label, ...contact].filter((line) => line !== '') } as const,
    ...resumeSections(record).map((section) => ({ section: section.name, heading: section.heading, lines: section.blocks.flatMap(linesOf) })),
  ];
  return shown.map((section) => ({ ...section, lines: section.lines.map((line) => line.replace(/\u00A0/g, ' ')) }));
}

/** What a resume says before and after, section by section and line by line, as its document shows it. */
export function compareRecords(before: ResumeRecord, after: ResumeRecord): SectionDiff[] {
  const [old, current] = [shownSections(before), shownSections(after)];
  const order = [...current, ...old.filter(({ section }) => !current.some((other) => other.section === section))];
  return order.map(({ section, heading }) => {
    const lines = diffLines(old.find((other) => other.section === section)?.lines ?? [], current.find((other) => other.section === section)?.lines ?? []);
    return { section, heading, changed: lines.some(({ kind }) => kind !== 'same'), lines };
  });
}

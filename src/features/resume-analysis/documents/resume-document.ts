import type { Block, DocumentModel, PageSize } from '../../../infrastructure/documents/writing/document-model.js';
import type { ResumeRecord } from '../parser/json-resume.js';
import { contactDetails } from './contact-details.js';
import { resumeSections } from './resume-sections.js';

export interface DocumentOptions {
  /** Language tag of the text; English where it is not known. */
  readonly language?: string;
  /** Letter for North America, A4 everywhere else. */
  readonly page?: PageSize;
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/gu;

/** Right to left where most letters are Hebrew or Arabic. Works on the words of the values, not on names of fields. */
export function directionOfText(text: string): 'ltr' | 'rtl' {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return (text.match(RIGHT_TO_LEFT)?.length ?? 0) > letters / 2 ? 'rtl' : 'ltr';
}

const wordsOf = (block: Block): string => {
  if (block.kind === 'list' || block.kind === 'details') return block.items.flat().map(({ text }) => text).join(' ');
  return block.kind === 'title' || block.kind === 'heading' ? block.text : block.runs.map(({ text }) => text).join(' ');
};

/** A resume in one column with standard headings, which people and applicant tracking systems read alike. */
export function resumeDocument(record: ResumeRecord, { language = 'en', page = 'A4' }: DocumentOptions = {}): DocumentModel {
  const { basics } = record;
  const sections = resumeSections(record);
  const contact = contactDetails(basics);
  const blocks: Block[] = [
    { kind: 'title', text: basics.name, subtitle: basics.label },
    ...(contact.length > 0 ? [{ kind: 'details', items: contact } as const] : []),
    ...sections.flatMap(({ heading, blocks: own }): Block[] => [{ kind: 'heading', text: heading }, ...own]),
  ];
  const words = sections.flatMap(({ blocks: own }) => own.map(wordsOf)).join(' ');
  return { title: basics.name.trim() === '' ? 'Resume' : `${basics.name.trim()} – Resume`, author: basics.name, language, page, direction: directionOfText(`${basics.name} ${words}`), blocks };
}

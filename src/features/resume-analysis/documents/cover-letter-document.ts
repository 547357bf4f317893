import type { Block, DocumentModel } from '../../../infrastructure/documents/writing/document-model.js';
import { contactDetails, type Contact } from './contact-details.js';
import { directionOfText, type DocumentOptions } from './resume-document.js';

/** A letter to an employer, as its parts. */
export interface CoverLetterRecord {
  readonly sender: Contact & { readonly name: string; readonly label?: string };
  /** As it is to be shown, for example "3 March 2026". */
  readonly date?: string;
  /** Name, title, company and address of whom it is for, a line each. */
  readonly recipient: readonly string[];
  readonly subject?: string;
  /** "Dear Ms Kim," */
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  /** "Yours sincerely," */
  readonly closing: string;
}

const filled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/** A cover letter under the same head as the resume of its author. */
export function coverLetterDocument(letter: CoverLetterRecord, { language = 'en', page = 'A4' }: DocumentOptions = {}): DocumentModel {
  const { sender, recipient, paragraphs } = letter;
  const line = (text: string, first: boolean): Block => ({ kind: 'keyLine', first, runs: [{ text }] });
  const paragraph = (text: string, bold = false): Block => ({ kind: 'paragraph', apart: true, runs: [{ text: text.trim(), bold }] });
  const contact = contactDetails(sender);
  const blocks: Block[] = [
    { kind: 'title', text: sender.name, subtitle: sender.label },
    ...(contact.length > 0 ? [{ kind: 'details', items: contact } as const] : []),
    ...(filled(letter.date) ? [paragraph(letter.date)] : []),
    ...recipient.filter(filled).map((text, index) => line(text, index === 0)),
    ...(filled(letter.subject) ? [paragraph(letter.subject, true)] : []),
    ...[letter.greeting, ...paragraphs].filter(filled).map((text) => paragraph(text)),
    ...(filled(letter.closing) ? [paragraph(letter.closing)] : []),
    paragraph(sender.name, true),
  ];
  const title = letter.subject ?? 'Cover letter';
  return { title: sender.name.trim() === '' ? title : `${sender.name.trim()} – ${title}`, author: sender.name, language, page, direction: directionOfText([sender.name, ...paragraphs].join(' ')), blocks };
}

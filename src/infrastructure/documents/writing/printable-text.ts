import { DocumentError } from '../document-error.js';
import type { Block, DocumentModel, TextRun } from './document-model.js';

/** Characters of a document; a resume has some thousand, and writing takes time in their proportion. */
const LONGEST = 120_000;

/** Controls, marks that turn the direction of other text around, marks without a shape and code points that are no characters; XML forbids some of them. */
const UNPRINTABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF0-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E0FFF}]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/** The text on one line and fit for any format: no controls, no halves of characters, accents joined to their letters. */
export const printable = (text: string): string => text.replace(LONE_SURROGATE, '\uFFFD').replace(UNPRINTABLE, '').replace(/[\t\n\r\u2028\u2029 ]+/g, ' ').normalize('NFC');

const printableRuns = (runs: readonly TextRun[]): TextRun[] => runs.map((run) => ({ ...run, text: printable(run.text), link: safeLink(run.link) })).filter(({ text }) => text !== '');

/** The address as a program follows it; undefined where it leads to anything but a page, a mailbox or a phone. */
function safeLink(link: string | undefined): string | undefined {
  if (link === undefined || link.length > 2_000 || !/^(https?|mailto|tel):/i.test(link) || !URL.canParse(link)) return undefined;
  return new URL(link).href;
}

function printableBlock(block: Block): Block {
  switch (block.kind) {
    case 'title':
      return { ...block, text: printable(block.text), subtitle: block.subtitle === undefined ? undefined : printable(block.subtitle) };
    case 'heading':
      return { ...block, text: printable(block.text) };
    case 'keyLine':
      return { ...block, runs: printableRuns(block.runs), right: block.right === undefined ? undefined : printable(block.right) };
    case 'details':
      return { ...block, items: printableRuns(block.items) };
    case 'list':
      return { ...block, items: block.items.map(printableRuns).filter((runs) => runs.length > 0) };
    default:
      return { ...block, runs: printableRuns(block.runs) };
  }
}

const sizeOf = (block: Block): number => JSON.stringify(block).length;

/** The document with text that every format can hold. Throws DocumentError where it is longer than anybody reads. */
export function printableDocument(model: DocumentModel): DocumentModel {
  if (model.blocks.reduce((sum, block) => sum + sizeOf(block), 0) > LONGEST) throw new DocumentError('DOCUMENT_TOO_LONG', 'The document is too long to be written.');
  const language = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(model.language) ? model.language : 'en';
  return { ...model, language, title: printable(model.title), author: printable(model.author), blocks: model.blocks.map(printableBlock) };
}

/** A piece of text in one style. A no-break space (U+00A0) keeps a phrase on one line; in the file it is an ordinary space. */
export interface TextRun {
  readonly text: string;
  readonly bold?: boolean;
  /** Grey: what is less important than the text beside it. */
  readonly muted?: boolean;
  /** Address that the text leads to: http, https, mailto or tel; anything else stays plain text. */
  readonly link?: string;
}

/** What a document is made of, from top to bottom. There is one column, which people, screen readers and programs read alike. */
export type Block =
  /** The first line, such as a name, and the line below it. */
  | { readonly kind: 'title'; readonly text: string; readonly subtitle?: string }
  /** Small texts below the title, with bars between them. */
  | { readonly kind: 'details'; readonly items: readonly TextRun[] }
  /** Begins a section; is never left alone at the foot of a page. */
  | { readonly kind: 'heading'; readonly text: string }
  /** The head of an entry: text on the left and a date or place flush right. Stays with what follows; `first` leaves space above. */
  | { readonly kind: 'keyLine'; readonly runs: readonly TextRun[]; readonly right?: string; readonly first: boolean }
  /** `apart` leaves more space above, as between the paragraphs of a letter. */
  | { readonly kind: 'paragraph'; readonly runs: readonly TextRun[]; readonly apart?: boolean }
  | { readonly kind: 'list'; readonly items: readonly (readonly TextRun[])[] };

/** Stands between details; at the end of a line it is left out. */
export const SEPARATOR = '|';

/** Details as one text. */
export const joinDetails = (items: readonly TextRun[]): TextRun[] => items.flatMap((item, index) => (index === 0 ? [item] : [{ text: ` ${SEPARATOR} ` }, item]));

export type PageSize = 'A4' | 'Letter';

/** A document before it has a format. Nothing in it knows what it is about. */
export interface DocumentModel {
  readonly title: string;
  readonly author: string;
  /** Language tag of the text, such as "en" or "pt-BR". */
  readonly language: string;
  /** Where lines begin: at the right in Arabic and Hebrew. */
  readonly direction: 'ltr' | 'rtl';
  readonly page: PageSize;
  readonly blocks: readonly Block[];
}

export type WrittenFormat = 'pdf' | 'docx';

/** A finished file. */
export interface WrittenDocument {
  readonly content: Buffer;
  /** Characters that no font of a PDF has, each once; in their place stands a question mark. Always empty for DOCX. */
  readonly missing: string;
}

export type DocumentErrorCode = 'UNREADABLE_DOCUMENT' | 'ENCRYPTED_DOCUMENT' | 'DOCUMENT_TOO_COMPLEX' | 'DOCUMENT_HAS_NO_TEXT' | 'DOCUMENT_IS_A_SCAN' | 'DOCUMENT_TOO_LONG';

/** A file that cannot be read or written, with a sentence that a recruiter understands. Trying again does not help. */
export class DocumentError extends Error {
  constructor(
    readonly code: DocumentErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'DocumentError';
  }
}

/** Pages are pictures of text, which has to be recognised first. */
export class ScanError extends DocumentError {
  /** `pages` are numbers from 1. */
  constructor(readonly pages: readonly number[]) {
    super('DOCUMENT_IS_A_SCAN', 'The file holds pictures of text (a scan), which have to be recognised before it can be read.');
  }
}

export const unreadable = (detail: string): DocumentError => new DocumentError('UNREADABLE_DOCUMENT', `The file is damaged and cannot be read (${detail}).`);
export const tooComplex = (detail: string): DocumentError => new DocumentError('DOCUMENT_TOO_COMPLEX', `The file is refused because reading it would take too much time or memory (${detail}).`);

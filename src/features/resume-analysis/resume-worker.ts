import { parentPort } from 'node:worker_threads';
import 'unpdf';
import { DocumentError, ScanError } from '../../infrastructure/documents/document-error.js';
import { extractDocument } from '../../infrastructure/documents/extract-document.js';
import { parseResume } from './parser/parse-resume.js';
import { headingOf } from './parser/headings.js';
import type { ReadOrder, ReadResult } from './resume-reader.js';

/** Reads one file a message, in a thread of its own: PDF readers work without pause, and only a thread can be stopped then. */
async function read({ content, recognized }: ReadOrder): Promise<ReadResult> {
  try {
    const document = await extractDocument(Buffer.from(content.buffer, content.byteOffset, content.byteLength), (text) => headingOf(text) !== null, recognized);
    return { kind: 'read', resume: { record: parseResume(document), lines: document.lines.map((line) => line.text), hidden: document.hidden } };
  } catch (error) {
    if (error instanceof ScanError) return { kind: 'scan', message: error.message, pages: error.pages };
    if (error instanceof DocumentError) return { kind: 'refused', code: error.code, message: error.message };
    return { kind: 'refused', code: 'UNREADABLE_DOCUMENT', message: 'The file is damaged and cannot be read.' };
  }
}

parentPort?.on('message', (order: ReadOrder) => void read(order).then((result) => parentPort?.postMessage(result)));
parentPort?.postMessage({ kind: 'ready' });

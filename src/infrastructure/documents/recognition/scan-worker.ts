import { parentPort, workerData } from 'node:worker_threads';
import { DocumentError } from '../document-error.js';
import { recognizePage } from './recognize-page.js';
import type { RecognizedPage } from './recognized-page.js';
import { TextRecognizer } from './text-recognizer.js';

export type ScanAnswer =
  | { readonly kind: 'recognized'; readonly page: RecognizedPage }
  | { readonly kind: 'refused'; readonly code: DocumentError['code']; readonly message: string };

const content = Buffer.from(workerData as Uint8Array);
let opened: Promise<TextRecognizer> | null = null;

/** Recognises one page a message, in a thread of its own, which alone can be stopped. */
async function answer(number: number): Promise<ScanAnswer> {
  try {
    opened ??= TextRecognizer.open();
    return { kind: 'recognized', page: await recognizePage(await opened, content, number) };
  } catch (error) {
    if (error instanceof DocumentError) return { kind: 'refused', code: error.code, message: error.message };
    throw error;
  }
}

parentPort?.on('message', (number: number) => void answer(number).then((found) => parentPort?.postMessage(found)));

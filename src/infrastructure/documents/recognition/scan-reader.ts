import { Worker } from 'node:worker_threads';
import { DocumentError, tooComplex } from '../document-error.js';
import { nextAnswer } from '../thread-answer.js';
import type { RecognizedPage } from './recognized-page.js';
import type { ScanAnswer } from './scan-worker.js';

/** The heap of the thread; pictures and the recogniser lie outside of it and are bounded by the size of a picture. */
const HEAP_LIMIT_MB = 256;

/** Recognises pages of one file, one after the other, in a thread that is stopped when time is over. */
export class ScanReader {
  private worker: Worker | null = null;

  constructor(private readonly content: Buffer) {}

  /**
   * The text of one page, from 1. Throws DocumentError where the page cannot be read or takes longer than `limit`
   * milliseconds, and the reason of the signal when that is aborted.
   */
  async recognize(number: number, limit: number, signal: AbortSignal): Promise<RecognizedPage> {
    signal.throwIfAborted();
    const worker = (this.worker ??= new Worker(new URL('./scan-worker.js', import.meta.url), {
      workerData: new Uint8Array(this.content), resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB }, env: {}, stdout: true, stderr: true,
    }));
    const answer = nextAnswer<ScanAnswer>(worker, {
      limit, signal, work: 'recognises text', outOfMemory: () => tooComplex('a page takes too much memory'),
      atLimit: () => tooComplex(`a page takes longer than ${Math.round(limit / 1_000)} seconds`),
    });
    worker.postMessage(number);
    const found = await answer.catch((error: unknown) => {
      // The thread was stopped; the next page begins another one.
      this.worker = null;
      throw error;
    });
    if (found.kind === 'refused') throw new DocumentError(found.code, found.message);
    return found.page;
  }

  /** Ends the thread and frees its memory. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }
}

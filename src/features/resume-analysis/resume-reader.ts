import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RecognizedPage } from '../../infrastructure/documents/recognition/recognized-page.js';
import type { HiddenLine } from '../../infrastructure/documents/text-line.js';
import { nextAnswer } from '../../infrastructure/documents/thread-answer.js';
import { NonRetryableError } from '../../serverless-jobs/definition/non-retryable-error.js';
import type { ResumeRecord } from './parser/json-resume.js';

/** A resume as a record, and its lines to quote from. Text that nobody sees is in neither. */
export interface ReadResume {
  readonly record: ResumeRecord;
  readonly lines: readonly string[];
  readonly hidden: readonly HiddenLine[];
}

/** A file to read, and the text of its pages that are pictures as far as it is known. */
export interface ReadOrder {
  readonly content: Uint8Array;
  readonly recognized: readonly RecognizedPage[];
}

export type ReadResult =
  | { readonly kind: 'read'; readonly resume: ReadResume }
  | { readonly kind: 'scan'; readonly message: string; readonly pages: readonly number[] }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Pages of the resume, numbered from 1, are pictures whose text has to be recognised before it can be read. */
export class ScannedResumeError extends NonRetryableError {
  constructor(
    message: string,
    readonly pages: readonly number[],
  ) {
    super('DOCUMENT_IS_A_SCAN', message);
  }
}

/** Milliseconds that one file may take once the thread is ready; real resumes take a tenth of it. */
const TIME_LIMIT_MS = 1_700;
/** On a machine that is busy with something else a file is given as much processor time, within so many milliseconds. */
const STARVED_LIMIT_MS = 10_000;
const LOOK_AGAIN_MS = 200;
const START_LIMIT_MS = 15_000;
const HEAP_LIMIT_MB = 128;
const MAX_IDLE = 2;

type Message = ReadResult | { readonly kind: 'ready' };

/** Threads that read at the same time; more than there are processors would only make each miss its time limit. */
const MAX_BUSY = availableParallelism();

const idle: Worker[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/** Runs the work when a processor is free for it, in the order of asking. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= MAX_BUSY) await new Promise<void>((go) => waiting.push(go));
  else busy += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }
}

/** The next message of the thread, which is stopped where it takes too much time or memory. */
function nextMessage(worker: Worker, limit: number): Promise<Message> {
  const [begin, usage] = [performance.now(), process.cpuUsage()];
  return nextAnswer(worker, {
    limit, work: 'reads documents', outOfMemory: () => new NonRetryableError('DOCUMENT_TOO_COMPLEX', 'Reading the file takes too much memory.'),
    atLimit: () => {
      const { user, system } = process.cpuUsage(usage);
      const starved = (user + system) / 1_000 < limit && performance.now() - begin < STARVED_LIMIT_MS;
      return starved ? LOOK_AGAIN_MS : new Error('Reading the file took too long.');
    },
  });
}

async function acquire(): Promise<Worker> {
  const known = idle.pop();
  if (known) {
    known.ref();
    return known;
  }
  const worker = new Worker(new URL('./resume-worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB }, env: {}, stderr: true, stdout: true });
  await nextMessage(worker, START_LIMIT_MS);
  return worker;
}

function giveBack(worker: Worker): void {
  if (idle.length >= MAX_IDLE) {
    void worker.terminate();
    return;
  }
  worker.unref();
  idle.push(worker);
}

/**
 * Reads a resume of any accepted format in a thread with bounded time and memory; `recognized` is the text of its scanned pages.
 * Throws ScannedResumeError where that is missing, and NonRetryableError with a sentence for the recruiter where the file
 * cannot be read; other errors may pass.
 */
export const readResume = (content: Buffer, recognized: readonly RecognizedPage[] = []): Promise<ReadResume> => inTurn(() => readNow({ content: new Uint8Array(content), recognized }));

async function readNow(order: ReadOrder): Promise<ReadResume> {
  const worker = await acquire();
  const answer = nextMessage(worker, TIME_LIMIT_MS);
  worker.postMessage(order);
  const result = await answer;
  giveBack(worker);
  if (result.kind === 'refused') throw new NonRetryableError(result.code, result.message);
  if (result.kind === 'scan') throw new ScannedResumeError(result.message, result.pages);
  if (result.kind === 'ready') throw new Error('The thread that reads documents answered out of turn.');
  return result.resume;
}

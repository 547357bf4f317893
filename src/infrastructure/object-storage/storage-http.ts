import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../common/errors.js';
import { checkedPieces, type Content, type ExpectedContent } from './checked-content.js';
import { StorageError } from './storage-error.js';

/** Milliseconds. A transfer lasts as long as a function may. */
const LIMITS = { call: 15_000, transfer: 55_000 } as const;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 100;

export interface StorageCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string;
  /** Whether a file travels, in either direction. */
  readonly isTransfer?: boolean;
}

const isBusy = (status: number): boolean => status >= 500 || status === 429;

const unavailable = (cause: unknown): StorageError => new StorageError('STORAGE_UNAVAILABLE', `Object storage cannot be reached or broke off: ${messageOf(cause)}`);

/** A redirect would carry the key of the storage to an address that nobody has set up. */
const options = ({ method, headers, isTransfer }: StorageCall): RequestInit => ({
  method, headers, redirect: 'error', signal: AbortSignal.timeout(isTransfer ? LIMITS.transfer : LIMITS.call),
});

/** Asks the storage; what is busy or unreachable is asked again, at most twice. Throws STORAGE_UNAVAILABLE. */
export async function callStorage(call: StorageCall): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(call.url, { ...options(call), body: call.body ?? null }).catch((error: unknown) => unavailable(error));
    if (answer instanceof Response && !isBusy(answer.status)) return answer;
    if (attempt === ATTEMPTS) throw answer instanceof Response ? await answerError(answer) : answer;
    await wait(FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}

/** Sends a file, once: a stream cannot be read again. Throws CONTENT_MISMATCH before the last bytes of a wrong file are sent. */
export async function sendContent(call: StorageCall, content: Content, expected: ExpectedContent): Promise<Response> {
  let failure: unknown = null;
  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      yield* checkedPieces(content, expected);
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const body = Readable.toWeb(Readable.from(pieces(), { objectMode: false })) as ReadableStream<Uint8Array>;
  const stream: RequestInit & { duplex: 'half' } = { ...options({ ...call, isTransfer: true }), body: body as BodyInit, duplex: 'half' };
  try {
    return await fetch(call.url, stream);
  } catch (error) {
    throw failure ?? unavailable(error);
  }
}

/** What an answer that is no success means. Throws nothing; reads the answer's text for the log. */
export async function answerError(answer: Response): Promise<StorageError> {
  const text = (await answer.text().catch(() => '')).replace(/\s+/g, ' ').slice(0, 300);
  const code = isBusy(answer.status) ? 'STORAGE_UNAVAILABLE' : 'STORAGE_SETUP';
  return new StorageError(code, `Object storage answered ${answer.status}: ${text}`);
}

/** The body of an answer as a stream. A broken connection makes it fail. */
export function answerStream(answer: Response): Readable {
  return answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
}

/** Lets the connection of an answer whose body nobody needs go. */
export const dropBody = (answer: Response): Promise<void> => answer.body?.cancel().catch(() => undefined) ?? Promise.resolve();

import { LanguageModelError } from './language-model-error.js';

/** How long a silent model is waited for, in milliseconds. */
export interface ModelPatience {
  /** Until the first piece of an answer; models that reason are silent at first. */
  readonly first: number;
  /** Between two pieces. */
  readonly between: number;
}

export const DEFAULT_PATIENCE: ModelPatience = { first: 30_000, between: 15_000 };

/** Waits for one piece. Throws MODEL_TOO_SLOW after `limit` milliseconds and MODEL_ABORTED once the caller no longer wants it. */
export async function waitForPiece<Piece>(piece: Promise<Piece>, limit: number, signal: AbortSignal): Promise<Piece> {
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const interrupted = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new LanguageModelError('MODEL_TOO_SLOW', 'The language model took too long to answer.')), Math.max(0, limit));
    abort = () => fail(new LanguageModelError('MODEL_ABORTED', 'The answer of the language model was no longer wanted.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  // Whoever loses the race may fail afterwards, when nobody listens any more.
  piece.catch(() => undefined);
  try {
    return await Promise.race([interrupted, piece]);
  } finally {
    clearTimeout(timer);
    if (abort) signal.removeEventListener('abort', abort);
  }
}

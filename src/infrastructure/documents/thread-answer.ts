import type { Worker } from 'node:worker_threads';

/** How long a thread is waited for, and what to say where it does not answer. */
export interface Patience {
  /** Milliseconds until `atLimit` is asked. */
  readonly limit: number;
  /** Milliseconds for which it is worth waiting on, or the reason to stop. */
  readonly atLimit: () => number | Error;
  readonly outOfMemory: () => Error;
  /** The name of the thread's work, for the log: "reads documents". */
  readonly work: string;
  readonly signal?: AbortSignal;
}

/**
 * The next message of a thread. Where it fails, ends, runs out of memory, takes too long or is no longer wanted, the thread is stopped and
 * the reason thrown; that of the signal where it was aborted.
 */
export function nextAnswer<T>(worker: Worker, { limit, atLimit, outOfMemory, work, signal }: Patience): Promise<T> {
  return new Promise((done, fail) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      finish();
    };
    const stop = (reason: unknown): void => settle(() => void worker.terminate().then(() => fail(reason)));
    const onMessage = (message: T): void => settle(() => done(message));
    const onError = (error: NodeJS.ErrnoException): void => stop(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory() : error);
    const onExit = (): void => stop(new Error(`The thread that ${work} ended.`));
    const onAbort = (): void => stop(signal?.reason);
    const onTime = (): void => {
      const more = atLimit();
      if (typeof more === 'number') timer = setTimeout(onTime, more);
      else stop(more);
    };
    let timer = setTimeout(onTime, limit);
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

interface Invocation {
  waitUntil?(work: Promise<unknown>): void;
}

/** Where the platform keeps what belongs to the invocation under way; a process that stays has no such thing. */
const INVOCATION = Symbol.for('@vercel/request-context');

/** Asks the platform to let this process live until the work is done, which goes on after the answer. */
export function keepAwakeFor(work: Promise<unknown>): void {
  const platform = (globalThis as { [INVOCATION]?: { get?(): Invocation | undefined } })[INVOCATION];
  platform?.get?.()?.waitUntil?.(work);
}

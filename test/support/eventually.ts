import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** Looks until the condition gives a value other than null or false; what it waits for happens in another process. */
export async function eventually<T>(what: string, look: () => Promise<T | null | false>, limit = 20_000): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`This did not happen within ${limit} ms: ${what}.`);
    await pause(LOOK_EVERY_MS);
  }
}

import type { ServerResponse } from 'node:http';
import type { DoorStream } from '../protocols/http/door.js';

/** Streams under way in this process. */
const underWay = new Set<AbortController>();

/** Lets all streams come to their end, because the process is about to. */
export function endStreams(): void {
  for (const over of underWay) over.abort();
}

/** Resolves with whether the caller has taken what was written; one who has not when the stream has to end is given up. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return new Promise((done) => {
    const settle = (taken: boolean) => (): void => {
      response.off('drain', onDrain);
      signal.removeEventListener('abort', onOver);
      done(taken);
    };
    const [onDrain, onOver] = [settle(true), settle(false)];
    response.once('drain', onDrain);
    signal.addEventListener('abort', onOver, { once: true });
    if (signal.aborted) onOver();
  });
}

/** Sends a stream after its headers. Resolves when it has ended, for whatever reason; throws what its parts throw. */
export async function sendStream(response: ServerResponse, { limit, parts }: DoorStream): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  const timer = setTimeout(end, limit);
  underWay.add(over);
  response.once('close', end);
  response.flushHeaders();
  try {
    for await (const part of parts(over.signal)) {
      if (response.destroyed) return;
      if (response.write(part)) continue;
      if (await drained(response, over.signal)) continue;
      response.destroy();
      return;
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    underWay.delete(over);
    response.off('close', end);
  }
}

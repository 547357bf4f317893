/** One event of a `text/event-stream`. `id` is what a browser sends back as Last-Event-ID; without `name` it is a `message`. */
export interface ServerSentEvent {
  readonly id?: number;
  readonly name?: string;
  readonly data: unknown;
}

/** Headers of a stream: nothing on the way may keep, gather or compress it. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

export const HEARTBEAT = ': heartbeat\n\n';

/** How soon (ms) a browser comes back after a stream has ended. */
export const retryHint = (milliseconds: number): string => `retry: ${milliseconds}\n\n`;

/** The event as it is sent; JSON has no line breaks, so its data is one line. */
export const formatEvent = ({ id, name, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

/** The same parts with a heartbeat after each `silence` (ms) without one, so that proxies keep the connection. */
export async function* withHeartbeat(parts: AsyncIterable<string>, silence: number): AsyncGenerator<string> {
  const source = parts[Symbol.asyncIterator]();
  try {
    let next = source.next();
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const silent = new Promise<null>((done) => (timer = setTimeout(() => done(null), silence)));
      const part = await Promise.race([next, silent]).finally(() => clearTimeout(timer));
      if (part?.done) return;
      yield part === null ? HEARTBEAT : part.value;
      if (part !== null) next = source.next();
    }
  } finally {
    await source.return?.();
  }
}

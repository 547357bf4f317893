import type pg from 'pg';
import { insertMessages, type NewMessage, type Published } from './message-insert.js';

const MOST_MESSAGES = 500;
const MOST_BYTES = 16_777_216;

interface Waiting {
  readonly messages: readonly NewMessage[];
  readonly done: (published: Published[]) => void;
  readonly fail: (error: unknown) => void;
}

const sizeOf = ({ messages }: Waiting): number => messages.reduce((sum, { body }) => sum + body.length, 0);

/**
 * Writes what is published at the same time by one commit: while one is under way, the next gathers. Of many calls none waits
 * for more than two commits, and the busier the server, the fewer commits it needs.
 */
export class GatheredPublishes {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly pool: pg.Pool,
    private readonly deduplicationSeconds: number,
  ) {}

  /** Resolves when the messages are committed. They must be free (`isFree`). */
  add(messages: readonly NewMessage[]): Promise<Published[]> {
    return new Promise((done, fail) => {
      this.waiting.push({ messages, done, fail });
      this.writing ??= this.writeAll().finally(() => (this.writing = null));
    });
  }

  private async writeAll(): Promise<void> {
    await new Promise((done) => setImmediate(done));
    while (this.waiting.length > 0) await this.writeBatch(this.nextBatch());
  }

  private nextBatch(): Waiting[] {
    let [count, bytes, end] = [0, 0, 0];
    for (const one of this.waiting) {
      count += one.messages.length;
      bytes += sizeOf(one);
      if (end > 0 && (count > MOST_MESSAGES || bytes > MOST_BYTES)) break;
      end += 1;
    }
    return this.waiting.splice(0, end);
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const published = await this.write(batch.flatMap(({ messages }) => messages));
      let at = 0;
      for (const { messages, done } of batch) done(published.slice(at, (at += messages.length)));
    } catch (error) {
      if (batch.length === 1) return batch[0]!.fail(error);
      // One that PostgreSQL does not take must not keep the others out.
      for (const one of batch) await this.writeBatch([one]);
    }
  }

  private write(messages: readonly NewMessage[]): Promise<Published[]> {
    return insertMessages(this.pool, messages, this.deduplicationSeconds);
  }
}

import { DomainError } from '../../common/errors.js';

/** As many as a browser opens to one host over HTTP/1.1, and two. */
const STREAMS_EACH = 8;
const STREAMS_IN_ALL = 500;

/** Counts the streams that this process has open, in all and for each person or API key. */
export class OpenStreams {
  private readonly open = new Map<string, number>();
  private total = 0;

  /** Throws TOO_MANY_STREAMS where there is no place left. */
  check(who: string): void {
    if ((this.open.get(who) ?? 0) < STREAMS_EACH && this.total < STREAMS_IN_ALL) return;
    throw new DomainError('TOO_MANY_STREAMS', 'Too many streams are open. Close another page of Perch, or try again in a minute.', 429, true, { retryAfter: 30 });
  }

  /** Takes a place, which `leave` gives back. Throws like `check`. */
  enter(who: string): void {
    this.check(who);
    this.open.set(who, (this.open.get(who) ?? 0) + 1);
    this.total++;
  }

  leave(who: string): void {
    const left = this.open.get(who)! - 1;
    if (left === 0) this.open.delete(who);
    else this.open.set(who, left);
    this.total--;
  }
}

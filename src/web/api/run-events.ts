import { EventSequence, type RunEvent } from '../../common/run-events.js';
import { graphql } from './client.js';
import type { JobState } from './operations.js';

const AT_ONCE = 200;
const EVENTS = `query ($run: ID!, $after: Int!) { runEvents(runId: $run, after: $after, first: ${AT_ONCE}) { events { sequence at kind data } state ended } }`;

interface EventsData {
  readonly runEvents: { readonly events: readonly RunEvent[]; readonly state: JobState; readonly ended: boolean };
}

/** What a reader of a run is told; every event once and in order. */
export interface RunEventListener {
  events(events: readonly RunEvent[]): void;
  /** The run has ended in this state; nothing follows. */
  ended(state: JobState): void;
}

const POLL_MS = 1_000;
/** Polls that fail, one after the other, come further and further apart, up to so often doubled. */
const DOUBLINGS = 4;
/** Streams that end in an error, one after the other, before it is polled instead. */
const TOLERATED = 3;
/** After so long without an event it is asked whether there are some that something on the way holds back. */
const SILENCE_MS = 10_000;
/** Polls before the stream is tried again. */
const POLLS_BEFORE_STREAM = 30;

/** Reads the events of one run: as a stream that the browser resumes, or by polling where streams do not come through. */
export class RunEventReader {
  private readonly sequence = new EventSequence();
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private errors = 0;
  private stopped = false;

  constructor(
    private readonly run: string,
    private readonly listener: RunEventListener,
  ) {}

  start(): this {
    this.openStream();
    return this;
  }

  stop(): void {
    this.stopped = true;
    this.closeStream();
  }

  private openStream(): void {
    const source = new EventSource(`/api/events?run=${encodeURIComponent(this.run)}&after=${this.sequence.last}`);
    this.source = source;
    this.errors = 0;
    this.expectSign(source);
    source.onopen = () => this.expectSign(source);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      this.errors = 0;
      this.expectSign(source);
      this.take([JSON.parse(data) as RunEvent]);
    };
    source.addEventListener('reconnect', () => (this.errors = 0));
    source.addEventListener('end', ({ data }: MessageEvent<string>) => this.end((JSON.parse(data) as { state: JobState }).state));
    // The browser comes back by itself, with the number of the last event, unless it was refused.
    source.onerror = () => {
      this.errors++;
      if (source.readyState === EventSource.CLOSED || this.errors >= TOLERATED) this.pollInstead();
    };
  }

  private expectSign(source: EventSource): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.lookBehind(source), SILENCE_MS);
  }

  /** A run may be silent for long; a stream that lacks what has been stored, or does not even open, is held back. */
  private async lookBehind(source: EventSource): Promise<void> {
    if (source.readyState !== EventSource.OPEN) return this.pollInstead();
    const known = this.sequence.last;
    await this.look();
    if (this.stopped || this.source !== source) return;
    if (this.sequence.last > known) this.pollInstead();
    else this.expectSign(source);
  }

  private closeStream(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private pollInstead(): void {
    this.closeStream();
    void this.poll(POLLS_BEFORE_STREAM, 0);
  }

  private async poll(left: number, failures: number): Promise<void> {
    const found = await this.look();
    if (this.stopped) return;
    if (found === AT_ONCE) return this.poll(left, 0);
    if (left <= 1) return this.openStream();
    const failed = found === null ? Math.min(failures + 1, DOUBLINGS) : 0;
    this.timer = setTimeout(() => void this.poll(left - 1, failed), POLL_MS * 2 ** failed);
  }

  /** Passes on what is stored after the last event, and the end; resolves with how many events came, null where none could be had. */
  private async look(): Promise<number | null> {
    const page = await graphql<EventsData>(EVENTS, { run: this.run, after: this.sequence.last }).then(({ runEvents }) => runEvents, () => null);
    if (this.stopped || page === null) return null;
    this.take(page.events);
    if (page.ended) this.end(page.state);
    return page.events.length;
  }

  private take(events: readonly RunEvent[]): void {
    const fresh = this.sequence.take(events);
    if (fresh.length > 0) this.listener.events(fresh);
  }

  private end(state: JobState): void {
    this.stop();
    this.listener.ended(state);
  }
}

import { EventSequence, type RunEvent } from '../../common/run-events.js';
import { graphql } from './client.js';
import type { JobState } from './operations.js';

const EVENTS = 'query ($run: ID!, $after: Int!) { runEvents(runId: $run, after: $after, first: 200) { events { sequence at kind data } state ended } }';

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
/** Streams that end in an error, one after the other, before it is polled instead. */
const TOLERATED = 3;
/** A stream of which nothing comes for so long is one that something on the way holds back. */
const SILENCE_MS = 10_000;
/** How long it is polled before the stream is tried again. */
const POLLS_BEFORE_STREAM = 30;

/** Reads the events of one run: as a stream that the browser resumes, or by polling where streams do not come through. */
export class RunEventReader {
  private readonly sequence = new EventSequence();
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private errors = 0;
  private polls = 0;
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
    this.timer = setTimeout(() => this.pollInstead(), SILENCE_MS);
    source.onopen = () => clearTimeout(this.timer);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      this.errors = 0;
      this.take([JSON.parse(data) as RunEvent]);
    };
    source.addEventListener('reconnect', () => (this.errors = 0));
    source.addEventListener('end', ({ data }: MessageEvent<string>) => this.end((JSON.parse(data) as { state: JobState }).state));
    // The browser comes back by itself unless it was refused.
    source.onerror = () => {
      this.errors++;
      if (source.readyState === EventSource.CLOSED || this.errors >= TOLERATED) this.pollInstead();
    };
  }

  private closeStream(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private pollInstead(): void {
    this.closeStream();
    this.polls = 0;
    void this.poll();
  }

  private async poll(): Promise<void> {
    if (this.stopped) return;
    const page = await graphql<EventsData>(EVENTS, { run: this.run, after: this.sequence.last }).then(({ runEvents }) => runEvents, () => null);
    if (this.stopped) return;
    if (page) this.take(page.events);
    if (page?.ended) return this.end(page.state);
    this.errors = 0;
    if (++this.polls >= POLLS_BEFORE_STREAM) return this.openStream();
    this.timer = setTimeout(() => void this.poll(), POLL_MS);
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

import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SectionTexts, type RunEvent } from '../../src/common/run-events.js';
import { eventually } from '../support/eventually.js';

const COME_BACK_MS = 30;

/** Reads the stream of a run as a browser does: it comes back with the number of the last event whenever it was cut off. */
export class StreamReader {
  /** Everything that came, also what came twice. */
  readonly received: RunEvent[] = [];
  /** Names of the events that are not messages, and comments, in order. */
  readonly control: string[] = [];
  /** When each event of `received` came, in ms since 1970. */
  readonly arrivals: number[] = [];
  connections = 0;
  status = 0;
  private last = 0;
  private stopped = false;
  private request: ClientRequest | null = null;
  private readonly running: Promise<void>;

  constructor(
    private readonly address: string,
    private readonly token: string,
    private readonly run: string,
    /** What it does after each piece of an answer; a slow reader takes its time. */
    private readonly afterPiece: () => Promise<unknown> = async () => undefined,
  ) {
    this.running = this.keepReading();
  }

  get numbers(): number[] {
    return this.received.map(({ sequence }) => sequence);
  }

  /** Text of each section as a page would show it. */
  get texts(): [string, string][] {
    const texts = new SectionTexts();
    texts.add(this.received);
    return texts.sections.map(({ name, text }) => [name, text]);
  }

  /** Cuts the connection, as a network does; it comes back. */
  cut(): void {
    this.request?.destroy();
  }

  async ended(limit = 45_000): Promise<void> {
    await eventually('the stream says that the run has ended', async () => this.control.includes('end'), limit);
    await this.stop();
  }

  arrived(count: number): Promise<boolean> {
    return eventually(`${count} events arrived`, async () => this.received.length >= count);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cut();
    await this.running;
  }

  private async keepReading(): Promise<void> {
    while (!this.stopped && !this.control.includes('end')) {
      await this.readOnce().catch(() => undefined);
      await pause(COME_BACK_MS);
    }
  }

  private async readOnce(): Promise<void> {
    const response = await new Promise<IncomingMessage>((done, fail) => {
      this.request = get(`${this.address}/api/events?run=${this.run}`, {
        agent: false, headers: { authorization: `Bearer ${this.token}`, ...(this.last > 0 ? { 'last-event-id': String(this.last) } : {}) },
      }, done).on('error', fail);
    });
    this.connections++;
    this.status = response.statusCode!;
    let rest = '';
    response.setEncoding('utf8');
    for await (const piece of response) {
      rest += String(piece);
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) this.take(block);
      await this.afterPiece();
    }
  }

  private take(block: string): void {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [id, event, data] = [field('id'), field('event'), field('data')];
    if (event !== undefined || id === undefined) return void this.control.push(event ?? block);
    this.last = Number(id);
    this.received.push(JSON.parse(data!) as RunEvent);
    this.arrivals.push(Date.now());
  }
}

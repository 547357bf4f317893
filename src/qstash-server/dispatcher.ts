import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { claimFlows, claimPlain, claimQueued, LEASE_SECONDS, readOutlook } from './claims.js';
import type { Context } from './context.js';
import { DeliveryClient } from './delivery.js';
import { publishDueSchedules } from './due-schedules.js';
import type { MessageRow } from './message-row.js';
import { Outcomes } from './outcomes.js';
import type { CurrentKey } from './signature.js';

const RENEW_MS = 10_000;
const POLL_MS = 1_000;
const GRACE_MS = 3_000;
const GATHER_MS = 10;
/** The part of the places that should be free for a claim that is not urgent. */
const WORTHWHILE_SHARE = 0.25;

/** Delivers due messages. Several dispatchers, in several processes, share one database. */
export class Dispatcher {
  private readonly active = new Map<string, string>();
  private readonly client: DeliveryClient;
  private readonly outcomes: Outcomes;
  private timer: NodeJS.Timeout | null = null;
  private renewal: NodeJS.Timeout | null = null;
  private gathering: NodeJS.Timeout | null = null;
  private stopping = false;
  private closed = false;
  private looking: Promise<void> | null = null;
  private lookAgain = false;

  constructor(private readonly context: Context, private readonly key: CurrentKey) {
    this.client = new DeliveryClient(context.destinations);
    this.outcomes = new Outcomes(context);
  }

  start(): void {
    this.renewal = setInterval(() => void this.renew(), RENEW_MS);
    this.wake();
  }

  /** Looks for due messages now; called at start, on NOTIFY, after deliveries, when the next message is due, and at least once a second. */
  wake(): void {
    if (this.gathering) clearTimeout(this.gathering);
    this.gathering = null;
    this.lookAgain = true;
    if (this.looking || this.stopping) return;
    this.looking = this.look().finally(() => {
      this.looking = null;
      if (this.lookAgain && this.hasRoom()) this.wake();
    });
  }

  /** Takes no more messages and waits a little for those under way; what is not answered then is delivered again by another process. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of [this.timer, this.gathering]) if (timer) clearTimeout(timer);
    await this.looking;
    const deadline = performance.now() + GRACE_MS;
    while (this.active.size > 0 && performance.now() < deadline) await pause(10);
    if (this.renewal) clearInterval(this.renewal);
    this.closed = true;
    this.client.close();
    await this.outcomes.settle();
  }

  private hasRoom(): boolean {
    return !this.stopping && this.active.size < this.context.parallelism;
  }

  /** There is more to take than there was room for: what ends within a moment gives back its place first, so that one claim takes many. */
  private wakeWithRoom(): void {
    if (this.active.size <= this.context.parallelism * (1 - WORTHWHILE_SHARE)) this.wake();
    else this.gathering ??= setTimeout(() => this.wake(), GATHER_MS);
  }

  private async look(): Promise<void> {
    let wait = POLL_MS;
    while (this.lookAgain && this.hasRoom()) {
      this.lookAgain = false;
      try {
        wait = await this.lookOnce();
      } catch (error) {
        process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
        wait = POLL_MS;
      }
    }
    if (this.stopping) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), wait);
  }

  /** Takes what is due and returns the ms until the next look. */
  private async lookOnce(): Promise<number> {
    const { pool } = this.context;
    await this.take(claimPlain);
    const outlook = await readOutlook(pool);
    if (outlook.scheduled) {
      await publishDueSchedules(this.context);
      this.lookAgain = true;
    }
    if (outlook.gated) {
      await this.take(claimQueued);
      await this.take(claimFlows);
    }
    // The timer of Node fires up to a millisecond early; a look before the time would find nothing.
    return outlook.wait === null ? POLL_MS : Math.min(POLL_MS, Math.max(1, Math.ceil(outlook.wait) + 1));
  }

  private async take(claim: typeof claimPlain): Promise<void> {
    const room = this.context.parallelism - this.active.size;
    if (room <= 0) return;
    const lease = randomUUID();
    const messages = await claim(this.context.pool, lease, room);
    if (messages.length === room) this.lookAgain = true;
    for (const message of messages) void this.handle(message, lease);
  }

  private async handle(message: MessageRow, lease: string): Promise<void> {
    this.active.set(message.id, lease);
    let more = false;
    try {
      const answer = await this.client.deliver(message, await this.key.get());
      // After the end of this process's time a broken connection says nothing about the destination.
      if (!this.closed) more = await this.outcomes.add(message, lease, answer);
    } catch (error) {
      process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
    } finally {
      if (this.active.get(message.id) === lease) this.active.delete(message.id);
      if (more) this.wake();
      else if (this.lookAgain) this.wakeWithRoom();
    }
  }

  /** Keeps what is under way from being taken by others. */
  private async renew(): Promise<void> {
    if (this.active.size === 0) return;
    await this.context.pool.query(
      `UPDATE qstash.message m SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) FROM unnest($1::text[], $2::uuid[]) AS a(id, lease) WHERE m.id = a.id AND m.lease_token = a.lease`,
      [[...this.active.keys()], [...this.active.values()]]).catch(() => undefined);
  }
}

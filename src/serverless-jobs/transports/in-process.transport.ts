import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Cron } from 'croner';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import type { JobPriority } from '../definition/define-job.js';
import type { ClaimedJob } from '../runner/claimed-job.js';
import { TracedAttempts } from '../runner/traced-attempts.service.js';
import { WakeUpRunner } from '../runner/wake-up-runner.js';
import { callDoor } from './call-door.js';
import { Transport, type WakeUp } from './transport.js';

/** Jobs that run at a time, and calls that are kept; the sweep finds the jobs of those that were refused. */
const AT_ONCE = 10;
const MOST_HELD = 10_000;
/** Tries of one call while the database cannot be reached. */
const TRIES = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_TIMER_MS = 2_147_483_647;
const STOP_LIMIT_MS = 10_000;
interface Held {
  readonly call: WakeUp;
  /** Number of this try, 1 for the first. */
  readonly attempt: number;
}

const LANES: readonly JobPriority[] = ['high', 'normal', 'low'];

/**
 * Runs the calls in this process, soon after they were published: for tests and for installations of a single process.
 * What is lost with the process is found by the sweep.
 */
@Injectable()
export class InProcessTransport extends Transport implements OnModuleDestroy {
  private readonly held = new Set<string>();
  private readonly ready: Readonly<Record<JobPriority, Held[]>> = { high: [], normal: [], low: [] };
  private readonly running = new Set<Promise<void>>();
  private readonly crons: Cron[] = [];
  private closed = false;

  constructor(
    // The runner needs the publisher, which needs this: it is looked up at the first call.
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    super();
  }

  async publish(calls: readonly WakeUp[]): Promise<(string | null)[]> {
    return calls.map((call) => {
      if (this.held.has(call.id)) return call.id;
      if (this.closed || this.held.size >= MOST_HELD) return null;
      this.held.add(call.id);
      this.arm({ call, attempt: 1 }, call.runAt.getTime());
      return call.id;
    });
  }

  override hasRoomFor(): boolean {
    return !this.closed && this.running.size < AT_ONCE && LANES.every((lane) => this.ready[lane].length === 0);
  }

  /** Several at the same moment may find the same room: there are never more of them than connections to the database. */
  override runClaimed(job: ClaimedJob): void {
    this.track(this.attempt(job));
  }

  /** Nothing of this transport arrives over HTTP. */
  async verify(): Promise<boolean> {
    return false;
  }

  /** The process calls itself, with the CRON_SECRET. */
  async schedule(id: string, cron: string, path: string): Promise<void> {
    if (this.crons.some(({ name }) => name === id)) return;
    this.crons.push(new Cron(cron, { name: id, timezone: 'UTC', unref: true, catch: (error) => this.logger.error('a call by the clock failed', error, { path }) }, () => callDoor(this.environment, path)));
  }

  /** Begins nothing more and gives what runs a moment to end. */
  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    for (const cron of this.crons) cron.stop();
    for (const lane of LANES) this.ready[lane].length = 0;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((done) => (timer = setTimeout(done, STOP_LIMIT_MS)));
    await Promise.race([Promise.all(this.running), limit]);
    clearTimeout(timer);
  }

  private arm(held: Held, at: number): void {
    const delay = at - Date.now();
    if (delay > 0) {
      setTimeout(() => this.arm(held, at), Math.min(delay, LONGEST_TIMER_MS)).unref();
      return;
    }
    if (this.closed) return;
    this.ready[held.call.priority].push(held);
    setImmediate(() => this.begin());
  }

  private begin(): void {
    while (this.running.size < AT_ONCE) {
      const lane = LANES.find((name) => this.ready[name].length > 0);
      if (lane === undefined) return;
      this.track(this.run(this.ready[lane].shift()!));
    }
  }

  private track(begun: Promise<void>): void {
    const work = begun.finally(() => {
      this.running.delete(work);
      this.begin();
    });
    this.running.add(work);
  }

  private async attempt(job: ClaimedJob): Promise<void> {
    try {
      await this.modules.get(TracedAttempts, { strict: false }).run(job, performance.now() + this.environment.jobBudget);
    } catch (error) {
      this.logger.error('the end of an attempt was not recorded; the sweep will see to its job', error, { job: job.id });
    }
  }

  private async run({ call, attempt }: Held): Promise<void> {
    try {
      const outcome = await this.modules.get(WakeUpRunner, { strict: false }).receive(call.body, { transport: 'in-process', messageId: call.id });
      if (outcome.kind === 'wait') this.arm({ call, attempt: 1 }, Date.now() + outcome.seconds * 1_000);
      else this.held.delete(call.id);
    } catch (error) {
      this.logger.error('a call was not handled', error, { call: call.id, attempt });
      if (attempt < TRIES) this.arm({ call, attempt: attempt + 1 }, Date.now() + FIRST_PAUSE_MS * 2 ** attempt);
      else this.held.delete(call.id);
    }
  }
}

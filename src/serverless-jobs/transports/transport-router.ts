import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { transportsOf, type TransportName, type TransportRoute } from '../../config/job-transport.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { definedJobs } from '../definition/define-job.js';
import type { ClaimedJob } from '../runner/claimed-job.js';
import { BullMQTransport } from './bullmq.transport.js';
import { InProcessTransport } from './in-process.transport.js';
import { MirrorRecorder } from './mirror-recorder.js';
import { QStashTransport } from './qstash.transport.js';
import { Transport, type Delivery, type WakeUp } from './transport.js';

/** Longest time that a caller waits for a transport after its commit; the sweep sends what was not accepted by then. */
const PUBLISH_LIMIT_MS = 4_000;

type Ids = readonly (string | null)[];

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`the transport did not answer within ${PUBLISH_LIMIT_MS} ms`)), PUBLISH_LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends each call through the transport that JOB_TRANSPORT names for its kind of job; in mirror mode through two. */
@Injectable()
export class TransportRouter extends Transport implements OnModuleInit {
  private readonly adapters: Readonly<Record<TransportName, Transport>>;

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(QStashTransport) private readonly qstash: QStashTransport,
    @Inject(BullMQTransport) bullmq: BullMQTransport,
    @Inject(InProcessTransport) inProcess: InProcessTransport,
    @Inject(MirrorRecorder) private readonly recorder: MirrorRecorder,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    super();
    this.adapters = { qstash, bullmq, 'in-process': inProcess };
  }

  onModuleInit(): void {
    const known = new Set(definedJobs().map(({ name }) => name));
    const unknown = [...this.environment.jobTransport.byJob.keys()].filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`Perch does not start: JOB_TRANSPORT names jobs that do not exist: ${unknown.join(', ')}.`);
  }

  async publish(calls: readonly WakeUp[]): Promise<(string | null)[]> {
    const groups = new Map<TransportRoute, number[]>();
    for (const [index, { type }] of calls.entries()) {
      const route = this.routeOf(type);
      groups.set(route, [...(groups.get(route) ?? []), index]);
    }
    const ids: (string | null)[] = calls.map(() => null);
    const failures: unknown[] = [];
    await Promise.all([...groups].map(async ([route, indexes]) => {
      try {
        const accepted = await this.publishVia(route, indexes.map((index) => calls[index]!));
        for (const [place, index] of indexes.entries()) ids[index] = accepted[place] ?? null;
      } catch (error) {
        failures.push(error);
      }
    }));
    if (failures.length > 0 && failures.length === groups.size) throw failures[0];
    for (const failure of failures) this.logger.error('one of the transports took no calls; the sweep will send them', failure);
    return ids;
  }

  override hasRoomFor(type: string): boolean {
    const { primary, shadow } = this.routeOf(type);
    return shadow === null && this.adapters[primary].hasRoomFor(type);
  }

  override runClaimed(job: ClaimedJob): void {
    this.adapters[this.routeOf(job.type).primary].runClaimed(job);
  }

  /** Deliveries that are still on their way are taken after a switch too, as long as the keys are there. */
  async verify(delivery: Delivery): Promise<boolean> {
    const { jobTransport, qstashCurrentSigningKey } = this.environment;
    if (qstashCurrentSigningKey === null && !transportsOf(jobTransport).has('qstash')) return false;
    return this.qstash.verify(delivery);
  }

  schedule(id: string, cron: string, path: string): Promise<void> {
    return this.adapters[this.environment.jobTransport.fallback.primary].schedule(id, cron, path);
  }

  override unscheduleOthers(prefix: string, kept: readonly string[]): Promise<readonly string[]> {
    return this.adapters[this.environment.jobTransport.fallback.primary].unscheduleOthers(prefix, kept);
  }

  private routeOf(type: string | null): TransportRoute {
    const { fallback, byJob } = this.environment.jobTransport;
    return (type === null ? null : byJob.get(type)) ?? fallback;
  }

  private async publishVia({ primary, shadow }: TransportRoute, calls: readonly WakeUp[]): Promise<Ids> {
    if (shadow === null) return withinLimit(this.adapters[primary].publish(calls));
    const [effective] = await Promise.allSettled([this.publishCopy(primary, calls, false), this.publishCopy(shadow, calls, true)]);
    if (effective.status === 'rejected') throw effective.reason;
    return effective.value;
  }

  /** Sends one of the two copies and notes what became of it, also where that is nothing. */
  private async publishCopy(transport: TransportName, calls: readonly WakeUp[], shadow: boolean): Promise<Ids> {
    const copies = calls.map((call) => ({ ...call, body: { ...call.body, mirror: { call: call.id, shadow } } }));
    let ids: Ids = calls.map(() => null);
    try {
      ids = await withinLimit(this.adapters[transport].publish(copies));
      return ids;
    } catch (error) {
      this.logger.warn('a transport of the mirror took no calls', { transport, shadow, error: String(error) });
      throw error;
    } finally {
      await this.recorder.published(transport, shadow, calls, ids);
    }
  }
}

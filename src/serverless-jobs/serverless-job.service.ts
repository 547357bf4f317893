import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Clock } from '../common/clock.js';
import { invalidInput } from '../common/errors.js';
import type { RequestContext } from '../common/request-context.js';
import { Database } from '../infrastructure/database/database.js';
import { Telemetry } from '../infrastructure/telemetry/telemetry.js';
import type { JobDefinition } from './definition/define-job.js';
import { JobRegistry } from './definition/job-registry.js';
import { claimedInsert, findByDedupeKey, insertJobs } from './enqueue/insert-jobs.js';
import { newJob, type EnqueueOptions, type NewJob } from './enqueue/new-job.js';
import { JobPublisher } from './outbox/job-publisher.js';
import type { ClaimedJob } from './runner/claimed-job.js';
import { drainCall, wakeUpOf } from './outbox/wake-up.js';
import { Transport } from './transports/transport.js';

/** Jobs that one call may enqueue. */
const MANY_LIMIT = 50_000;
/** Many jobs are not announced one by one: each drain call works through about so many. */
const JOBS_PER_DRAIN = 100;
const MAX_DRAINS = 20;

/** Puts background work into the queue. The row is written in the caller's transaction and sent after its commit. */
@Injectable()
export class ServerlessJobService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
    @Inject(Transport) private readonly transport: Transport,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Telemetry) private readonly telemetry: Telemetry,
  ) {}

  /**
   * Enqueues one job or workflow and returns its id; the id of the existing one where its dedupe key is taken.
   * Throws INVALID_JOB_PAYLOAD when the payload does not fit the definition: nothing wrong gets into the queue.
   */
  async enqueue<Payload extends z.ZodType>(context: RequestContext, definition: JobDefinition<Payload>, payload: z.input<Payload>, options: EnqueueOptions = {}): Promise<string> {
    const job = this.rowOf(definition, payload, options);
    if (!this.database.isWriting(context) && this.startsHere(definition as unknown as JobDefinition, job)) {
      const { sql, values } = claimedInsert(context, definition as unknown as JobDefinition, job, this.telemetry.currentTraceparent());
      const [claimed] = await this.database.statement<ClaimedJob>(context, sql, values);
      if (claimed) this.transport.runClaimed(claimed);
      if (claimed) return claimed.id;
    }
    return this.database.write(context, async (manager) => {
      const id = await this.write(manager, context, definition as unknown as JobDefinition, job);
      return id ?? (await findByDedupeKey(manager, context, definition.name, [job.dedupeKey!])).get(job.dedupeKey!)!;
    });
  }

  /**
   * Enqueues up to 50,000 jobs of one kind in one transaction and returns their ids in order. They are announced by a few
   * calls that each work through many, and take turns with the work of other workspaces. Throws as `enqueue` does.
   */
  async enqueueMany<Payload extends z.ZodType>(context: RequestContext, definition: JobDefinition<Payload>, payloads: readonly z.input<Payload>[], options: Omit<EnqueueOptions, 'dedupeKey' | 'parent'> = {}): Promise<string[]> {
    if (payloads.length > MANY_LIMIT) throw invalidInput(`At most ${MANY_LIMIT} background jobs can be enqueued at once.`);
    if (definition.debounce) throw new Error(`"${definition.name}" is debounced; enqueue it one by one.`);
    const jobs = payloads.map((payload) => this.rowOf(definition, payload, options));
    return this.database.write(context, async (manager) => {
      const written = await insertJobs(manager, context, definition as unknown as JobDefinition, jobs, { how: 'announced', traceparent: this.telemetry.currentTraceparent() });
      const first = written[0];
      const drains = Math.min(MAX_DRAINS, Math.ceil(written.length / JOBS_PER_DRAIN));
      for (let count = 0; first && count < drains; count++) this.publisher.afterCommit(drainCall(first.runAt, options.priority ?? definition.priority));
      if (written.length === jobs.length) return jobs.map(({ id }) => id);
      const fresh = new Set(written.map(({ id }) => id));
      const known = await findByDedupeKey(manager, context, definition.name, jobs.flatMap(({ id, dedupeKey }) => (fresh.has(id) || dedupeKey === null ? [] : [dedupeKey])));
      return jobs.map(({ id, dedupeKey }) => (fresh.has(id) ? id : known.get(dedupeKey!)!));
    });
  }

  /** Writes the row and sees to its call; null where its dedupe key is taken. The id is that of another row where a debounced job was written into it. */
  private async write(manager: EntityManager, context: RequestContext, definition: JobDefinition, job: NewJob): Promise<string | null> {
    const traceparent = this.telemetry.currentTraceparent();
    if (this.startsHere(definition, job)) {
      const { sql, values } = claimedInsert(context, definition, job, traceparent);
      const [claimed] = await manager.query<ClaimedJob[]>(sql, values);
      if (claimed) this.database.collectUntilCommit<ClaimedJob>(this, claimed, async (jobs) => jobs.forEach((one) => this.transport.runClaimed(one)));
      return claimed?.id ?? null;
    }
    const [written] = await insertJobs(manager, context, definition, [job], { how: 'called', traceparent });
    if (written) this.publisher.afterCommit(wakeUpOf(written));
    return written?.id ?? null;
  }

  /** Whether this process may run the job at once, and nothing has to be looked at before. */
  private startsHere({ name, debounce }: JobDefinition, { at, delay, concurrencyKey, rateKey }: NewJob): boolean {
    return !debounce && at === null && delay === 0 && concurrencyKey === null && rateKey === null && this.transport.hasRoomFor(name);
  }

  private rowOf<Payload extends z.ZodType>(definition: JobDefinition<Payload>, payload: z.input<Payload>, options: EnqueueOptions): NewJob {
    if (!this.registry.find(definition.name)) throw new Error(`The background job "${definition.name}" has no handler in this application.`);
    return newJob(definition, payload, options, this.clock.now());
  }
}

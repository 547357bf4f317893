import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobRegistry } from '../definition/job-registry.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { drainCall, wakeUpOf } from '../outbox/wake-up.js';
import type { ClaimedJob } from './claimed-job.js';
import { giveBackJobs, takeDueJobs } from './due-jobs.js';
import { claimJob } from './job-claim.js';
import { endManyDone, type DoneJob } from './job-end.js';
import { LeaseKeeper } from './lease-keeper.js';
import { TracedAttempts } from './traced-attempts.service.js';

const AT_ONCE = 10;
/** Drains of one process at a time: more would only get into each other's way in the database. */
const MOST_DRAINS = 3;
const SMALLEST_BATCH = 10;
const LARGEST_BATCH = 200;
/** A batch that took less than this is followed by one of twice the size, a slower one by one of half. */
const BATCH_GOAL_MS = 250;
/** No batch is claimed in the last seconds of an invocation, and nothing of one is begun in its last moment. */
const RESERVE_MS = 5_000;
const LAST_START_MS = 1_000;

const everywhere = { allWorkspaces: true } as const;

/** Works through whatever is due, in batches, taking turns between the workspaces. */
@Injectable()
export class JobDrainer {
  private quietUntil = 0;
  private drains = 0;
  /** How many calls were left to the drains under way. */
  private leftToOthers = 0;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(TracedAttempts) private readonly attempts: TracedAttempts,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
    @Inject(LeaseKeeper) private readonly leases: LeaseKeeper,
  ) {}

  /**
   * Takes up what has been due for so many milliseconds without a call of its own. Where nothing was found, nobody looks again
   * before something new can have waited that long.
   */
  async drainOverdue(until: number, overdue: number): Promise<void> {
    if (performance.now() < this.quietUntil) return;
    this.quietUntil = performance.now() + overdue;
    if (await this.drainAll(until, overdue) > 0) this.quietUntil = 0;
  }

  /**
   * Runs due jobs until there are none or the time is nearly over, and returns how many it ran. Where something is left, another
   * drain is called. Where enough others are under way in this process, they look once more instead.
   */
  async drain(until: number): Promise<number> {
    if (this.drains >= MOST_DRAINS) {
      this.leftToOthers += 1;
      return 0;
    }
    this.drains += 1;
    try {
      return await this.drainAll(until, 0);
    } finally {
      this.drains -= 1;
    }
  }

  /** `overdue` leaves alone what has been due for fewer milliseconds. */
  private async drainAll(until: number, overdue: number): Promise<number> {
    let [ran, size] = [0, SMALLEST_BATCH];
    while (performance.now() < until - RESERVE_MS) {
      const begin = performance.now();
      const known = this.leftToOthers;
      const batch = await this.take(size, overdue);
      if (batch === null && known === this.leftToOthers) return ran;
      if (batch === null) continue;
      await this.runBatch(batch, until);
      ran += batch.length;
      const fast = performance.now() - begin < BATCH_GOAL_MS;
      size = fast ? Math.min(LARGEST_BATCH, size * 2) : Math.max(SMALLEST_BATCH, Math.floor(size / 2));
    }
    await this.publisher.publish([drainCall(new Date())]);
    return ran;
  }

  /** The next jobs, claimed; null where nothing is due. A batch may be empty when all that was due had to be held back. */
  private async take(size: number, overdue: number): Promise<ClaimedJob[] | null> {
    const due = await this.database.write(systemContext(null), (manager) => takeDueJobs(manager, size, overdue), everywhere);
    if (due.claimed.length === 0 && due.limited.length === 0) return null;
    const claimed = [...due.claimed];
    for (const { workspaceId, jobId } of due.limited) {
      const answer = await this.database.write(systemContext(workspaceId), (manager) =>
        claimJob(manager, { workspaceId, jobId, messageId: null }, (type) => this.registry.find(type)?.definition ?? null));
      if (answer.kind === 'claimed') claimed.push(answer.job);
      if (answer.kind === 'later') await this.publisher.publish([wakeUpOf(answer.call)]);
    }
    return claimed;
  }

  /** The leases are kept from the claim until every end is recorded, also of what waits for its turn and of what is done already. */
  private async runBatch(batch: readonly ClaimedJob[], until: number): Promise<void> {
    const lost = new Set<ClaimedJob>();
    const releases = batch.map((job) => this.leases.hold(job, () => lost.add(job)));
    const done: DoneJob[] = [];
    const rest = [...batch];
    const work = async (): Promise<void> => {
      while (rest.length > 0 && performance.now() < until - LAST_START_MS) {
        const job = rest.shift()!;
        if (!lost.has(job)) await this.attempts.run(job, until, (finished) => void done.push(finished));
      }
    };
    try {
      const workers = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, batch.length) }, work));
      if (done.length > 0) await this.database.write(systemContext(null), (manager) => endManyDone(manager, done), everywhere);
      if (rest.length > 0) await this.database.write(systemContext(null), (manager) => giveBackJobs(manager, rest), everywhere);
      const failed = workers.find((worker) => worker.status === 'rejected');
      if (failed) throw failed.reason;
    } finally {
      for (const release of releases) release();
    }
  }
}

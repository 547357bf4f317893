import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { messageOf } from '../../common/errors.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { publicError } from '../../protocols/http/problem.js';
import { JobSweeper } from '../../serverless-jobs/outbox/job-sweeper.js';
import { ProcessPendingTask } from './process-pending.task.js';

const LOOK_EVERY_MS = 30_000;
const LATE_SECONDS = 120;
const SWEEP_EVERY_MS = 60_000;

/** Lets the sweep run where nothing else does: after a request that finds it late, or by a timer of a process that stays. */
@Injectable()
export class SweepWatch implements OnModuleDestroy {
  private looked = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @Inject(JobSweeper) private readonly sweeper: JobSweeper,
    @Inject(ProcessPendingTask) private readonly pending: ProcessPendingTask,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Sweeps when the last sweep is older than two minutes; looks at most twice a minute. Never throws. Null where it need not look. */
  afterRequest(): Promise<void> | null {
    if (performance.now() - this.looked < LOOK_EVERY_MS) return null;
    this.looked = performance.now();
    return this.safely(async () => {
      const age = await this.sweeper.secondsSinceLast();
      if (age === null || age > LATE_SECONDS) await this.pending.start();
    });
  }

  /** Sweeps now and then every minute, until the application closes. Never throws. */
  async keepSweeping(): Promise<void> {
    const sweep = (): Promise<void> => this.safely(async () => void (await this.pending.start()));
    this.timer ??= setInterval(() => void sweep(), SWEEP_EVERY_MS).unref();
    await sweep();
  }

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (publicError(error).code === 'READ_ONLY') return;
      this.logger.warn('a sweep failed', { error: messageOf(error) });
    }
  }
}

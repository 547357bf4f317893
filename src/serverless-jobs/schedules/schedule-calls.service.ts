import { Inject, Injectable } from '@nestjs/common';
import { Logger } from '../../infrastructure/logging/logger.js';
import { Transport } from '../transports/transport.js';
import { ScheduleService } from './schedule.service.js';

const PREFIX = 'perch-';
const DOOR = '/api/scheduled-job';
/** Finds what was lost, and begins each schedule whose own call did not come. */
const SWEEP = { id: `${PREFIX}process-pending`, cron: '*/5 * * * *', path: `${DOOR}?task=process-pending` } as const;

interface ScheduleCall {
  readonly id: string;
  readonly cron: string;
  readonly path: string;
}

export interface SyncedSchedules {
  readonly arranged: readonly string[];
  /** What the transport arranged for definitions that are no more, and does no longer. */
  readonly removed: readonly string[];
  readonly failed: readonly string[];
}

/** Keeps what the transport calls by the clock the same as what the definitions say. */
@Injectable()
export class ScheduleCalls {
  constructor(
    @Inject(ScheduleService) private readonly schedules: ScheduleService,
    @Inject(Transport) private readonly transport: Transport,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /**
   * Writes the rows of all workspaces and arranges one call a definition, under ids that never change, so that a second time
   * makes no doubles. A transport that does not answer is named in `failed`; throws only when the database cannot be reached.
   */
  async sync(): Promise<SyncedSchedules> {
    await this.schedules.syncRows();
    const arranged: string[] = [];
    const failed: string[] = [];
    const calls = this.calls();
    for (const { id, cron, path } of calls) {
      try {
        await this.transport.schedule(id, cron, path);
        arranged.push(id);
      } catch (error) {
        failed.push(id);
        this.logger.error('a schedule could not be arranged', error, { id });
      }
    }
    return { arranged, failed, removed: await this.removeOthers(calls.map(({ id }) => id)) };
  }

  /** Where a definition leaves the time zone to the workspaces, its call is exact for those in UTC; the sweep serves the others within a minute. */
  private calls(): ScheduleCall[] {
    return [SWEEP, ...this.schedules.definitions.map(({ name, schedule: { cron, timeZone } }) => ({
      id: `${PREFIX}${name}`, cron: timeZone === undefined || timeZone === 'UTC' ? cron : `CRON_TZ=${timeZone} ${cron}`, path: `${DOOR}?schedule=${name}`,
    }))];
  }

  private async removeOthers(kept: readonly string[]): Promise<readonly string[]> {
    try {
      return await this.transport.unscheduleOthers(PREFIX, kept);
    } catch (error) {
      this.logger.error('old schedules could not be removed', error);
      return [];
    }
  }
}

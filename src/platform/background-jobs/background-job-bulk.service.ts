import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { invalidInput } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput, textUpTo } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import type { BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { JOB_FILTER, maySearchPayload, type JobFilter } from './background-job.filter.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { BULK_ACTIONS, changeBackgroundJobs, type BulkAction } from './background-jobs.jobs.js';
import { changeBackgroundJobs as mayChange, retryBackgroundJobs as mayRetry } from './background-jobs.permissions.js';

/** States that an action can change, and those it changes where the filter names none. */
const CHANGEABLE: Readonly<Record<BulkAction, { readonly any: readonly BackgroundJobState[]; readonly unnamed: readonly BackgroundJobState[] }>> = {
  retry: { any: ['dead', 'cancelled', 'discarded'], unnamed: ['dead'] },
  discard: { any: ['dead'], unnamed: ['dead'] },
  cancel: { any: ['queued', 'running', 'waiting', 'paused'], unnamed: ['queued', 'running', 'waiting', 'paused'] },
};

const BULK = z.object({ action: z.enum(BULK_ACTIONS), filter: JOB_FILTER.nullish(), reason: textUpTo(500).nullish() });

/** The filter narrowed to the states that the action can change. Throws INVALID_INPUT where none of them was asked for. */
export function changeable(action: BulkAction, filter: JobFilter): JobFilter {
  const { any, unnamed } = CHANGEABLE[action];
  const asked = filter.states && filter.states.length > 0 ? filter.states : unnamed;
  const states = asked.filter((state) => any.includes(state));
  if (states.length === 0) throw invalidInput(`"${action}" changes only jobs that are ${any.join(', ')}.`, 'filter.states');
  return { ...filter, states };
}

/** Changes many jobs by a filter, as a background job of its own. */
@Injectable()
export class BackgroundJobBulk {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(BackgroundJobList) private readonly list: BackgroundJobList,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  /** How many jobs the action would change now. Throws INVALID_INPUT, FORBIDDEN. */
  async matches(context: RequestContext, wanted: object): Promise<number> {
    const { action, filter } = this.parse(context, wanted);
    return this.list.count(context, changeable(action, filter ?? {}));
  }

  /**
   * Begins the change of all jobs that fit and exist at this moment, and returns the id of the background job that does it.
   * Throws INVALID_INPUT, FORBIDDEN.
   */
  start(context: RequestContext, wanted: object): Promise<string> {
    const { action, filter, reason } = this.parse(context, wanted);
    if (action === 'discard' && !reason) throw invalidInput('Say why the jobs are put away.', 'reason');
    const narrowed = changeable(action, filter ?? {});
    return this.database.write(context, async (manager) => {
      const [{ now }] = await manager.query<[{ now: Date }]>('SELECT now() AS now');
      const id = await this.jobs.enqueue(context, changeBackgroundJobs, {
        action, reason: reason ?? null, filter: narrowed, before: now.toISOString(), searchPayload: maySearchPayload(context),
      });
      const facts = JSON.parse(JSON.stringify({ filter: narrowed, reason })) as JsonObject;
      await this.audit.record(context, `background_job.bulk_${action}`, { type: 'background_job', id }, facts);
      return id;
    });
  }

  private parse(context: RequestContext, wanted: object): z.output<typeof BULK> {
    const bulk = parseInput(BULK, wanted);
    context.require(bulk.action === 'retry' ? mayRetry : mayChange);
    return bulk;
  }
}

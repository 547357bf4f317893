import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput, textUpTo, timeInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobControlService } from '../../serverless-jobs/control/job-control.service.js';
import { WorkflowControlService } from '../../serverless-jobs/control/workflow-control.service.js';
import { AuditLog } from '../audit-log/audit-log.service.js';

/** What a person may do to one job. */
export const CHANGE = z.discriminatedUnion('action', [
  z.object({ action: z.enum(['retry', 'cancel', 'pause', 'resume', 'run-now']) }),
  z.object({ action: z.literal('discard'), reason: textUpTo(500).min(1, 'must not be empty') }),
  z.object({ action: z.literal('reschedule'), at: timeInput }),
  z.object({ action: z.literal('retry-from-step'), step: textUpTo(100).min(1, 'must not be empty') }),
]);

export type JobChange = z.output<typeof CHANGE>;

/** Changes a job for a person or a program, with an audit row in the same transaction. */
@Injectable()
export class BackgroundJobChanges {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobControlService) private readonly control: JobControlService,
    @Inject(WorkflowControlService) private readonly workflows: WorkflowControlService,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  /**
   * Throws INVALID_INPUT, NOT_FOUND, JOB_STATE and JOB_NOT_RETRYABLE. A cancel and a retry from a step must not be called
   * inside a transaction: they end children of the job too, each on its own, because their rows are locked before their
   * parent's elsewhere.
   */
  async apply(context: RequestContext, id: string, wanted: object, about: JsonObject = {}): Promise<void> {
    const change = parseInput(CHANGE, wanted);
    const record = async (facts: JsonObject = {}): Promise<void> =>
      void await this.audit.record(context, `background_job.${change.action.replaceAll('-', '_')}`, { type: 'background_job', id }, { ...about, ...facts });
    if (change.action === 'cancel') return this.control.cancel(context, id, record);
    if (change.action === 'retry-from-step') return this.workflows.retryFromStep(context, id, change.step, () => record({ step: change.step }));
    await this.database.write(context, async () => {
      if (change.action === 'retry') await this.control.retry(context, id);
      else if (change.action === 'pause') await this.control.pause(context, id);
      else if (change.action === 'resume') await this.control.resume(context, id);
      else if (change.action === 'run-now') await this.control.runNow(context, id);
      else if ('reason' in change) await this.control.discard(context, id, change.reason);
      else if ('at' in change) await this.control.reschedule(context, id, change.at);
      await record('reason' in change ? { reason: change.reason } : 'at' in change ? { at: change.at.toISOString() } : {});
    });
  }
}

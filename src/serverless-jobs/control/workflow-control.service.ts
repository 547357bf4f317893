import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobRegistry } from '../definition/job-registry.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { WAKING_COLUMNS, wakeUpOf, type WakingJob } from '../outbox/wake-up.js';
import { resetStoppedSteps } from '../workflows/step-reset.js';
import { JobControlService } from './job-control.service.js';

const STOPPED: readonly string[] = ['dead', 'discarded', 'done', 'cancelled', 'paused'];

interface FoundStep {
  readonly type: string;
  readonly kind: string;
  readonly state: string;
  readonly position: number | null;
}

/** What beside the control of all jobs may be done to the run of a workflow. */
@Injectable()
export class WorkflowControlService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
    @Inject(JobControlService) private readonly jobs: JobControlService,
  ) {}

  /**
   * Does the step and all that began after it once more, with the present version of the workflow. Their results are
   * forgotten and their children that still live are cancelled; effects that they had remain. Events that they have used are
   * found again. Throws NOT_FOUND for an unknown run or step, and JOB_STATE unless the run has ended or is paused.
   */
  async retryFromStep(context: RequestContext, id: string, step: string): Promise<void> {
    if (!isId(id)) throw notFound('The background job');
    const children = await this.database.write(context, async (manager) => {
      const { position } = await this.stopped(manager, context, id, step);
      return manager.query<{ id: string }[]>(
        `SELECT c.id FROM workflow_step s JOIN background_job c ON c.workspace_id = s.workspace_id AND c.id = s.child_id AND c.parent_id = s.background_job_id
         WHERE s.workspace_id = $1 AND s.background_job_id = $2 AND s.position >= $3 AND c.state IN ('queued', 'running', 'waiting', 'paused')`, [context.workspace, id, position]);
    });
    // Each in a transaction of its own and before the run's row is locked, as an end of a child locks its parent's row second.
    for (const child of children) {
      await this.jobs.cancel(context, child.id).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
      });
    }
    await this.database.write(context, async (manager) => {
      const { position, retries } = await this.stopped(manager, context, id, step);
      await manager.query('DELETE FROM workflow_step WHERE workspace_id = $1 AND background_job_id = $2 AND position >= $3', [context.workspace, id, position]);
      await resetStoppedSteps(manager, context.workspace, id);
      const [rows] = await manager.query<[WakingJob[], number]>(
        `UPDATE background_job SET state = 'queued', attempts = 0, max_attempts = $3, run_at = now(), wake = wake + 1, published_at = NULL, lease_until = NULL, parked = false, rate_slot = NULL,
           error_code = NULL, error_message = NULL, discard_reason = NULL, result = NULL, finished_at = NULL, progress_percent = 0, progress_message = NULL
         WHERE workspace_id = $1 AND id = $2 RETURNING ${WAKING_COLUMNS}`, [context.workspace, id, retries + 1]);
      this.publisher.afterCommit(wakeUpOf(rows[0]!));
    });
  }

  private async stopped(manager: EntityManager, context: RequestContext, id: string, step: string): Promise<{ position: number; retries: number }> {
    const [found] = await manager.query<FoundStep[]>(
      `SELECT type, kind, state, (SELECT s.position FROM workflow_step s WHERE s.workspace_id = $1 AND s.background_job_id = $2 AND s.name = $3) AS position
       FROM background_job WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, [context.workspace, id, step]);
    if (!found || found.kind !== 'workflow') throw notFound('The run of a workflow');
    if (!STOPPED.includes(found.state)) throw new DomainError('JOB_STATE', 'The run is under way. Pause or cancel it, then retry it from a step.', 409);
    if (found.position === null) throw notFound('The step');
    const known = this.registry.find(found.type);
    if (!known) throw new DomainError('JOB_STATE', `This version of Perch no longer knows the workflow "${found.type}".`, 409);
    return { position: found.position, retries: known.definition.retries };
  }
}

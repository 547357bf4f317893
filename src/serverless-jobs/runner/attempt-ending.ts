import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../common/request-context.js';
import { DeadLetters } from '../dead-letters/dead-letters.service.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { wakeUpOf } from '../outbox/wake-up.js';
import { resolveParent } from '../workflows/parent-wait.js';
import type { ClaimedJob } from './claimed-job.js';
import { endAttempt, type JobEnd } from './job-end.js';
import { releaseParked } from './job-limits.js';
import { LostOwnershipError } from './lost-ownership-error.js';

/** Records how an attempt ended, with all that hangs on it: a waiting workflow, a parked neighbour, a dead letter. */
@Injectable()
export class AttemptEnding {
  constructor(
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
    @Inject(DeadLetters) private readonly deadLetters: DeadLetters,
  ) {}

  /** Inside the surrounding write; calls that follow from it are sent after the commit. Throws LostOwnershipError. */
  async record(context: RequestContext, manager: EntityManager, job: ClaimedJob, end: JobEnd): Promise<void> {
    const ended = await endAttempt(manager, job, end);
    if (!ended) throw new LostOwnershipError(job.id, job.fence);
    if (end.outcome === 'retry' || end.outcome === 'yielded' || end.outcome === 'suspended') this.publisher.afterCommit(wakeUpOf(ended));
    if (end.outcome === 'dead') await this.deadLetters.announce(context, { jobId: job.id, type: job.type, code: end.code, message: end.message });
    if (end.outcome === 'done' || end.outcome === 'dead') await this.tellParent(manager, job, end);
    if (job.concurrencyKey !== null) {
      const released = await releaseParked(manager, job.workspaceId, job.concurrencyKey);
      if (released) this.publisher.afterCommit(wakeUpOf(released));
    }
  }

  private async tellParent(manager: EntityManager, job: ClaimedJob, end: JobEnd & { outcome: 'done' | 'dead' }): Promise<void> {
    if (job.parentId === null || job.parentStep === null) return;
    const parent = await resolveParent(manager, {
      id: job.id, workspaceId: job.workspaceId, parentId: job.parentId, parentStep: job.parentStep,
      result: end.outcome === 'done' ? end.result : null, failure: end.outcome === 'dead' ? { code: end.code, message: end.message } : null,
    });
    if (parent) this.publisher.afterCommit(wakeUpOf(parent));
  }
}

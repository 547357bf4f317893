import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { LostOwnershipError } from '../../serverless-jobs/runner/lost-ownership-error.js';
import type { JobAdvance, RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { narrow } from './background-job.filter.js';
import { BackgroundJobChanges } from './background-job-changes.service.js';
import { changeBackgroundJobs } from './background-jobs.jobs.js';

const CHUNK = 100;

type Payload = z.output<typeof changeBackgroundJobs.payload>;

/** How far it is: the id of the last job looked at, and the counts so far. */
interface Position {
  readonly after: string | null;
  readonly changed: number;
  readonly refused: number;
  readonly total: number;
}

/** Goes through what fits in the order of the ids, so that no job is met twice, however often it is changed meanwhile. */
@Injectable()
@JobHandler(changeBackgroundJobs)
export class ChangeBackgroundJobs implements JobWork<typeof changeBackgroundJobs> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(BackgroundJobChanges) private readonly changes: BackgroundJobChanges,
  ) {}

  async handle(job: RunningJob, payload: Payload): Promise<JsonObject> {
    let position = (job.cursor as Position | null) ?? { after: null, changed: 0, refused: 0, total: await this.count(job, payload) };
    for (;;) {
      const ids = await this.next(job, payload, position.after);
      if (ids.length === 0) return { changed: position.changed, refused: position.refused };
      position = await this.chunk(job, payload, ids, position);
      job.yieldIfDue();
    }
  }

  /** A retry or a discard is part of the chunk's transaction. A cancel is not: it has to lock each job on its own. */
  private async chunk(job: RunningJob, payload: Payload, ids: readonly string[], before: Position): Promise<Position> {
    const alone = payload.action === 'cancel';
    let position = before;
    const change = async (): Promise<void> => {
      const refused = await this.change(job, payload, ids);
      position = { after: ids.at(-1)!, changed: before.changed + ids.length - refused, refused: before.refused + refused, total: before.total };
    };
    if (alone) await change();
    const progress = (): JobAdvance => {
      const { changed, refused, total } = position;
      return { cursor: { ...position }, done: changed + refused, total: Math.max(total, changed + refused), failed: refused, message: `${changed} changed, ${refused} refused` };
    };
    await job.advance(progress, async () => {
      if (!alone) await change();
    });
    return position;
  }

  /** The number of jobs that would not be changed; why is noted in the log. */
  private async change(job: RunningJob, { action, reason }: Payload, ids: readonly string[]): Promise<number> {
    let refused = 0;
    for (const id of ids) {
      if (job.signal.aborted) throw new LostOwnershipError(job.id, job.fence);
      try {
        await this.changes.apply(job.context, id, { action, reason }, { bulk: job.id });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refused += 1;
        job.log('warn', error.publicMessage, { id, code: error.code });
      }
    }
    return refused;
  }

  private next(job: RunningJob, payload: Payload, after: string | null): Promise<string[]> {
    return this.database.read(job.context, async (manager) => {
      const query = this.matching(manager, job, payload).select('job.id', 'id').orderBy('job.id').limit(CHUNK);
      if (after !== null) query.andWhere('job.id > :after', { after });
      return (await query.getRawMany<{ id: string }>()).map(({ id }) => id);
    });
  }

  private count(job: RunningJob, payload: Payload): Promise<number> {
    return this.database.read(job.context, (manager) => this.matching(manager, job, payload).getCount());
  }

  private matching(manager: EntityManager, job: RunningJob, { filter, before, searchPayload }: Payload): SelectQueryBuilder<BackgroundJob> {
    const query = manager.getRepository(BackgroundJob).createQueryBuilder('job')
      .where('job.workspace_id = :workspace AND job.created_at < :before AND job.id <> :own', { workspace: job.context.workspace, before, own: job.id });
    return narrow(query, filter, searchPayload);
  }
}

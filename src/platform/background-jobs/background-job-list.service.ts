import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { BackgroundJob, type BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import { JOB_FILTER, maySearchPayload, narrow } from './background-job.filter.js';

const ORDERS = {
  NEWEST: { name: 'newest', expression: 'job.created_at', type: 'timestamptz', descending: true },
  OLDEST: { name: 'oldest', expression: 'job.created_at', type: 'timestamptz', descending: false },
  DUE: { name: 'due', expression: 'job.run_at', type: 'timestamptz', descending: false },
} as const satisfies Readonly<Record<string, SortOrder>>;

export type BackgroundJobOrder = keyof typeof ORDERS;
export const BACKGROUND_JOB_ORDERS = Object.keys(ORDERS) as [BackgroundJobOrder, ...BackgroundJobOrder[]];

export interface BackgroundJobCounted {
  readonly state: BackgroundJobState;
  readonly count: number;
}

/** Shows what is queued, running, done and failed. */
@Injectable()
export class BackgroundJobList {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One page of what fits the filter; the order DUE shows only what still waits for its start. Throws INVALID_INPUT. */
  list(context: RequestContext, filter: object, order: BackgroundJobOrder, page: PageArguments): Promise<Connection<BackgroundJob>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<BackgroundJob> => {
        const builder = this.matching(manager, context, filter);
        return order === 'DUE' ? builder.andWhere(`job.state IN ('queued', 'waiting')`) : builder;
      };
      return toConnection(await listPage(query(), ORDERS[order], page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** The job of this id. Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<BackgroundJob> {
    const job = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(BackgroundJob, { workspaceId: context.workspace, id })) : null;
    if (!job) throw notFound('The background job');
    return job;
  }

  counts(context: RequestContext): Promise<BackgroundJobCounted[]> {
    return this.database.read(context, (manager) =>
      manager.query('SELECT state, count(*)::int AS count FROM background_job WHERE workspace_id = $1 GROUP BY state ORDER BY state', [context.workspace]));
  }

  /** How many jobs fit the filter. Throws INVALID_INPUT. */
  count(context: RequestContext, filter: object): Promise<number> {
    return this.database.read(context, (manager) => this.matching(manager, context, filter).getCount());
  }

  private matching(manager: EntityManager, context: RequestContext, filter: object): SelectQueryBuilder<BackgroundJob> {
    const builder = manager.getRepository(BackgroundJob).createQueryBuilder('job').where('job.workspace_id = :workspace', { workspace: context.workspace });
    return narrow(builder, parseInput(JOB_FILTER, filter), maySearchPayload(context));
  }
}

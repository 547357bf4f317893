import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { BackgroundJob, type BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';

const NEWEST: SortOrder = { name: 'newest', expression: 'job.created_at', type: 'timestamptz', descending: true };

export interface BackgroundJobQuery {
  readonly state?: BackgroundJobState | null;
  readonly type?: string | null;
  readonly subjectId?: string | null;
}

/** Shows what is queued, running, done and failed. */
@Injectable()
export class BackgroundJobList {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(context: RequestContext, filter: BackgroundJobQuery, page: PageArguments): Promise<Connection<BackgroundJob>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<BackgroundJob> => {
        const builder = manager.getRepository(BackgroundJob).createQueryBuilder('job').where('job.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.state) builder.andWhere('job.state = :state', { state: filter.state });
        if (filter.type) builder.andWhere('job.type = :type', { type: filter.type });
        if (filter.subjectId) builder.andWhere('job.subject_id = :subject', { subject: isId(filter.subjectId) ? filter.subjectId : null });
        return builder;
      };
      return toConnection(await listPage(query(), NEWEST, page), () => this.database.read(context, () => query().getCount()));
    });
  }

  counts(context: RequestContext): Promise<{ state: BackgroundJobState; count: number }[]> {
    return this.database.read(context, (manager) =>
      manager.query('SELECT state, count(*)::int AS count FROM background_job WHERE workspace_id = $1 GROUP BY state ORDER BY state', [context.workspace]));
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { JobPosting } from '../job-openings/job-posting.entity.js';
import type { CareersPageModel } from './careers-page.model.js';

const MAX_POSTINGS = 500;

/** The public side of a workspace. */
@Injectable()
export class CareersPageService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** A visitor's context in the workspace of this slug, or null where there is none. */
  async visit(slug: string, requestId: string): Promise<{ context: RequestContext; name: string } | null> {
    const [workspace] = await this.database.read(new RequestContext(null, { type: 'applicant', id: null }), (manager) =>
      manager.query<{ id: string; name: string }[]>('SELECT id, name FROM workspace WHERE slug = $1', [slug]), { workspaceSlug: slug });
    return workspace ? { context: new RequestContext(workspace.id, { type: 'applicant', id: null }, null, null, requestId), name: workspace.name } : null;
  }

  async page(slug: string, requestId: string): Promise<CareersPageModel | null> {
    const visit = await this.visit(slug, requestId);
    if (!visit) return null;
    try {
      const postings = await this.database.read(visit.context, (manager) => manager.find(JobPosting, {
        where: { withdrawnAt: IsNull(), publishedAt: Not(IsNull()) }, order: { publishedAt: 'DESC' }, take: MAX_POSTINGS,
      }));
      return { workspaceName: visit.name, postings };
    } finally {
      await this.database.release(visit.context);
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors.js';
import { RequestContext } from '../../../common/request-context.js';
import { ENVIRONMENT } from '../../../config/environment.token.js';
import { requiredSecret, type Environment } from '../../../config/environment.js';
import { Database } from '../../../infrastructure/database/database.js';
import { formatStatusToken, parseStatusToken } from './status-token.js';

/** What an applicant may know: no stage names, no scores, no reasons. */
export interface ApplicantStatus {
  readonly jobTitle: string;
  readonly status: 'received' | 'in_review' | 'hired' | 'closed';
  readonly appliedAt: string;
}

interface StatusRow {
  readonly title: string;
  readonly status: string;
  readonly category: string;
  readonly appliedAt: Date;
}

const FIND = `
SELECT o.title, a.status, s.category, a.applied_at AS "appliedAt" FROM application a
JOIN job_opening o ON o.id = a.job_opening_id AND o.workspace_id = a.workspace_id
JOIN pipeline_stage s ON s.id = a.pipeline_stage_id AND s.workspace_id = a.workspace_id
WHERE a.workspace_id = $1 AND a.id = $2`;

@Injectable()
export class ApplicationStatusService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  token(workspaceId: string, applicationId: string): string {
    return formatStatusToken(requiredSecret(this.environment), { workspaceId, applicationId });
  }

  /** Throws NOT_FOUND for a token that was not made here. */
  async find(token: string): Promise<ApplicantStatus> {
    const subject = parseStatusToken(requiredSecret(this.environment), token);
    if (!subject) throw notFound('The application');
    const context = new RequestContext(subject.workspaceId, { type: 'applicant', id: null });
    const [row] = await this.database.read(context, (manager) => manager.query<StatusRow[]>(FIND, [subject.workspaceId, subject.applicationId]))
      .finally(() => this.database.release(context));
    if (!row) throw notFound('The application');
    const active = row.category === 'applied' ? 'received' : 'in_review';
    const status = row.status === 'active' ? active : row.status === 'hired' ? 'hired' : 'closed';
    return { jobTitle: row.title, status, appliedAt: row.appliedAt.toISOString() };
  }
}

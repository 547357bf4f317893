import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../common/errors.js';
import { isId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { PipelineService } from '../../pipelines/pipeline.service.js';
import { Candidate } from '../candidates/candidate.entity.js';
import { JobOpening } from '../job-openings/job-opening.entity.js';
import type { Application } from './application.entity.js';
import { ApplicationService } from './application.service.js';
import { SubmissionRecords } from './submission-records.js';

/** The newest resume that a candidate sent. What Perch wrote itself was never read. */
const NEWEST_RESUME = `
SELECT id FROM document WHERE workspace_id = $1 AND candidate_id = $2 AND kind = 'resume' AND parsed IS NOT NULL ORDER BY created_at DESC LIMIT 1`;

/** Enters candidates that the team knows already for a job. */
@Injectable()
export class ApplicationEntry {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(PipelineService) private readonly pipelines: PipelineService,
    @Inject(SubmissionRecords) private readonly records: SubmissionRecords,
  ) {}

  /** Throws NOT_FOUND, JOB_CLOSED, and ALREADY_APPLIED where the candidate is considered for the job already. */
  create(context: RequestContext, candidateId: string, jobOpeningId: string): Promise<Application> {
    return this.database.write(context, async (manager) => {
      const opening = isId(jobOpeningId) ? await manager.findOneBy(JobOpening, { id: jobOpeningId }) : null;
      if (!opening) throw notFound('The job opening');
      if (opening.status === 'closed' || opening.status === 'archived') throw new DomainError('JOB_CLOSED', 'This job opening is closed.', 409);
      const candidate = isId(candidateId) ? await manager.findOneBy(Candidate, { id: candidateId }) : null;
      if (!candidate) throw notFound('The candidate');
      if (await this.records.findActive(manager, candidate.id, opening.id)) throw new DomainError('ALREADY_APPLIED', 'This candidate is considered for the job already.', 409);
      const stage = await this.pipelines.firstStage(context, opening.pipelineId);
      const [resume] = await manager.query<{ id: string }[]>(NEWEST_RESUME, [context.workspace, candidate.id]);
      const id = await this.records.insert(context, manager, { candidateId: candidate.id, jobOpeningId: opening.id, stageId: stage.id, documentId: resume?.id ?? null, source: 'team', hash: null });
      return this.applications.get(context, id);
    });
  }
}

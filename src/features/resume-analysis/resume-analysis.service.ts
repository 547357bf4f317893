import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../../platform/audit-log/audit-log.service.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { analyzeResume } from './resume-analysis.jobs.js';

/** Has the resumes of applications read and scored in the background. */
@Injectable()
export class ResumeAnalysisService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /** Enqueues the analysis of a document, once for the same application and document unless `again` names another time. */
  async enqueue(context: RequestContext, applicationId: string, documentId: string, again = ''): Promise<string> {
    const dedupeKey = `${applicationId} ${documentId}${again}`;
    const jobId = await this.jobs.enqueue(context, analyzeResume, { applicationId, documentId }, { subject: { type: 'application', id: applicationId }, dedupeKey });
    await this.applications.setAnalysisJob(context, applicationId, jobId);
    return jobId;
  }

  /** Analyses an application's resume once more, for example after the job asks for something else. Throws NOT_FOUND or NO_RESUME. */
  analyzeAgain(context: RequestContext, applicationId: string): Promise<string> {
    return this.database.write(context, async () => {
      const { resumeDocumentId } = await this.applications.get(context, applicationId);
      if (resumeDocumentId === null) throw new DomainError('NO_RESUME', 'This application has no resume to analyse.', 409);
      const jobId = await this.enqueue(context, applicationId, resumeDocumentId, ` ${newId()}`);
      await this.auditLog.record(context, 'resume.analyze', { type: 'application', id: applicationId }, { backgroundJobId: jobId });
      return jobId;
    });
  }
}

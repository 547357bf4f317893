import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { OnDomainEvent, type DomainEvent, type DomainEventListener } from '../../platform/domain-events/domain-event.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { analyzeResume } from './resume-analysis.jobs.js';

/** Enqueues the analysis in the transaction that takes the application in: neither exists without the other. */
@Injectable()
@OnDomainEvent('application.submitted')
export class AnalyzeOnSubmission implements DomainEventListener<{ documentId: string }> {
  constructor(
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
  ) {}

  async on(context: RequestContext, { subjectId, payload }: DomainEvent<{ documentId: string }>): Promise<void> {
    const subject = { type: 'application', id: subjectId };
    const jobId = await this.jobs.enqueue(context, analyzeResume, { applicationId: subjectId, documentId: payload.documentId }, { subject, dedupeKey: `${subjectId} ${payload.documentId}` });
    await this.applications.setAnalysisJob(context, subjectId, jobId);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { OnDomainEvent, type DomainEvent, type DomainEventListener } from '../../platform/domain-events/domain-event.js';
import { ResumeAnalysisService } from './resume-analysis.service.js';

/** Enqueues the analysis in the transaction that takes an application with a resume in: neither exists without the other. */
@Injectable()
@OnDomainEvent('application.submitted')
export class AnalyzeOnSubmission implements DomainEventListener<{ documentId: string | null }> {
  constructor(@Inject(ResumeAnalysisService) private readonly analyses: ResumeAnalysisService) {}

  async on(context: RequestContext, { subjectId, payload: { documentId } }: DomainEvent<{ documentId: string | null }>): Promise<void> {
    if (documentId !== null) await this.analyses.enqueue(context, subjectId, documentId);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { RecognizedPages } from '../recruiting/documents/recognized-pages.service.js';
import { recognizeResume } from './resume-analysis.jobs.js';
import { readResume, type ReadResume } from './resume-reader.js';

/** A scan that has to be recognised, and the analysis that found it. */
export interface FoundScan {
  readonly applicationId: string;
  readonly documentId: string;
  readonly pages: readonly number[];
  readonly analysisId: string;
}

/** Reads resumes with what was recognised of their scanned pages, and has the text of others recognised. */
@Injectable()
export class ScannedResumes {
  constructor(
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(RecognizedPages) private readonly pages: RecognizedPages,
  ) {}

  /** Throws ScannedResumeError where pages have to be recognised first, NonRetryableError where the file cannot be read. */
  async read(context: RequestContext, documentId: string, content: Buffer): Promise<ReadResume & { readonly recognizedPages: number }> {
    const recognized = await this.pages.list(context, documentId);
    return { ...(await readResume(content, recognized)), recognizedPages: recognized.length };
  }

  /** Enqueues the recognition in the surrounding write; the application shows its progress as that of its analysis. Returns the id of the job. */
  async recognize(context: RequestContext, { applicationId, documentId, pages, analysisId }: FoundScan): Promise<string> {
    const payload = { applicationId, documentId, pages: [...pages] };
    const id = await this.jobs.enqueue(context, recognizeResume, payload, { subject: { type: 'application', id: applicationId }, dedupeKey: analysisId });
    await this.applications.setAnalysisJob(context, applicationId, id);
    return id;
  }
}

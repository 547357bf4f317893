import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { DocumentError } from '../../infrastructure/documents/document-error.js';
import type { RecognizedPage } from '../../infrastructure/documents/recognition/recognized-page.js';
import { ScanReader } from '../../infrastructure/documents/recognition/scan-reader.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import { NonRetryableError } from '../../serverless-jobs/definition/non-retryable-error.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { DocumentService } from '../recruiting/documents/document.service.js';
import { RecognizedPages } from '../recruiting/documents/recognized-pages.service.js';
import { recognizeResume } from './resume-analysis.jobs.js';
import { ResumeAnalysisService } from './resume-analysis.service.js';

/** A page takes one to four seconds; what takes ten times as long is refused. */
const PAGE_LIMIT_MS = 40_000;
/** Where less time than this is left, the next page waits for another invocation. */
const RESERVE_MS = 8_000;

type Order = z.output<typeof recognizeResume.payload>;

/** Recognises page after page; each is stored with the place where the next invocation goes on. */
@Injectable()
@JobHandler(recognizeResume)
export class RecognizeResume implements JobWork<typeof recognizeResume> {
  constructor(
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(RecognizedPages) private readonly recognized: RecognizedPages,
    @Inject(ResumeAnalysisService) private readonly analyses: ResumeAnalysisService,
  ) {}

  async handle(job: RunningJob, { applicationId, documentId, pages }: Order): Promise<void> {
    const scan = new ScanReader(await this.documents.content(job.context, documentId));
    let done = Number(job.cursor?.['done'] ?? 0);
    await job.progress((100 * done) / pages.length, 'Recognising the text of a scan');
    try {
      while (done < pages.length) {
        const page = await this.page(job, scan, pages[done]!);
        done += 1;
        const progress = { cursor: { done }, done, total: pages.length, message: `${done} of ${pages.length === 1 ? '1 page' : `${pages.length} pages`} recognised` };
        await job.advance(progress, (manager) => this.recognized.store(job.context, manager, documentId, page));
        if (done < pages.length) job.yieldIfDue(RESERVE_MS);
      }
    } finally {
      await scan.close();
    }
    await job.complete(async () => ({ pages: pages.length, analysisJobId: await this.analyses.enqueue(job.context, applicationId, documentId, ` ${job.id}`) }));
  }

  private async page(job: RunningJob, scan: ScanReader, number: number): Promise<RecognizedPage> {
    try {
      return await scan.recognize(number, PAGE_LIMIT_MS, job.signal);
    } catch (error) {
      throw error instanceof DocumentError ? new NonRetryableError(error.code, error.message) : error;
    }
  }
}

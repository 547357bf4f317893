import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject } from '../../common/json.js';
import { notFound } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { writeDocument } from '../../infrastructure/documents/writing/write-document.js';
import type { DocumentModel } from '../../infrastructure/documents/writing/document-model.js';
import { NonRetryableError } from '../../serverless-jobs/definition/non-retryable-error.js';
import type { StepAttempt } from '../../serverless-jobs/workflows/workflow-steps.js';
import { DocumentService } from '../recruiting/documents/document.service.js';
import type { DocumentKind } from '../recruiting/documents/document.entity.js';
import { RecognizedPages } from '../recruiting/documents/recognized-pages.service.js';
import { coverLetterDocument } from '../resume-analysis/documents/cover-letter-document.js';
import { resumeDocument } from '../resume-analysis/documents/resume-document.js';
import type { ResumeRecord } from '../resume-analysis/parser/json-resume.js';
import { readResume } from '../resume-analysis/resume-reader.js';
import { misreadFields } from './implementation.js';
import { ResumeVariant, type VariantFindings, type VariantSource } from './resume-variant.entity.js';
import type { JobText } from './sections/job-analysis.js';

/** The longest source that is worked on; a resume of fifty pages is shorter. */
const MOST_LINES = 3_000;

const STORE_RESULT = 'UPDATE resume_variant SET record = $3, letter = $4, findings = $5, document_ids = $6, ready_at = now() WHERE workspace_id = $1 AND id = $2';
/** Where the opening names no company, the workspace's own job it is. */
const FIND_OPENING = `
SELECT o.title, o.description, coalesce(c.name, w.name) AS company FROM job_opening o JOIN workspace w ON w.id = o.workspace_id
LEFT JOIN company c ON c.workspace_id = o.workspace_id AND c.id = o.company_id WHERE o.workspace_id = $1 AND o.id = $2`;
const FIND_CRITERIA = 'SELECT label, necessity FROM criterion WHERE workspace_id = $1 AND job_opening_id = $2 ORDER BY position, id';

interface OpeningRow {
  readonly title: string;
  readonly description: string;
  readonly company: string;
}

/** A finished variant before it is written. */
export interface FinishedVariant {
  readonly record: ResumeRecord;
  readonly letter: readonly string[];
  readonly findings: Omit<VariantFindings, 'misread'>;
  readonly job: JobText;
}

/** Reads what a variant is made of, and writes what it has become. */
@Injectable()
export class VariantDocuments {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(RecognizedPages) private readonly pages: RecognizedPages,
  ) {}

  /** Reads the resume and the job and keeps both with the variant, so that the run does not see later changes. */
  async read(context: RequestContext, variantId: string, attempt: StepAttempt): Promise<JsonObject> {
    const variant = await this.variant(context, variantId);
    const pages = await this.pages.list(context, variant.sourceDocumentId);
    const { record, lines } = await readResume(await this.documents.content(context, variant.sourceDocumentId), pages);
    if (lines.length > MOST_LINES) throw new NonRetryableError('DOCUMENT_TOO_LONG', `The resume has more than ${MOST_LINES} lines.`);
    const source: VariantSource = { record, lines, job: await this.job(context, variant.jobOpeningId) };
    return attempt.complete(async (manager) => {
      await manager.query('UPDATE resume_variant SET source = $3 WHERE workspace_id = $1 AND id = $2', [context.workspace, variantId, JSON.stringify(source)]);
      return { lines: lines.length };
    });
  }

  /** What went in. Throws NOT_FOUND where the variant is gone. */
  async source(context: RequestContext, variantId: string): Promise<VariantSource> {
    const found = await this.database.read(context, (manager) => manager.findOne(ResumeVariant, { where: { id: variantId }, select: { id: true, source: true } }));
    await this.database.release(context);
    if (!found?.source) throw notFound('The resume variant');
    return found.source;
  }

  /** Writes the files, reads the resume again to see what a machine makes of it, and stores all of it with the end of the step. */
  async write(context: RequestContext, variantId: string, attempt: StepAttempt, { record, letter, findings, job }: FinishedVariant): Promise<JsonObject> {
    const { basics } = record;
    const resume = resumeDocument(record);
    const cover = coverLetterDocument({
      sender: { ...basics }, recipient: job.company === '' ? [] : [job.company], subject: `Application: ${job.title}`, greeting: 'Dear hiring team,', paragraphs: letter, closing: 'Yours sincerely,',
    });
    const files = await Promise.all([this.file('resume', 'docx', resume), this.file('resume', 'pdf', resume), ...(letter.length > 0 ? [this.file('cover_letter', 'docx', cover), this.file('cover_letter', 'pdf', cover)] : [])]);
    const misread = misreadFields(record, (await readResume(files[0]!.content)).record);
    const { candidateId } = await this.variant(context, variantId);
    const name = basics.name.trim() === '' ? 'resume' : basics.name.trim();
    return attempt.complete(async (manager) => {
      const ids: string[] = [];
      for (const { kind, format, content } of files) {
        ids.push((await this.documents.create(context, { candidateId, kind, fileName: `${name} – ${job.title} – ${kind === 'resume' ? 'resume' : 'cover letter'}.${format}`, content })).id);
      }
      const found: VariantFindings = { ...findings, misread };
      await manager.query(STORE_RESULT, [context.workspace, variantId, JSON.stringify(record), JSON.stringify(letter), JSON.stringify(found), ids]);
      return { documents: ids };
    });
  }

  private async file(kind: DocumentKind, format: 'docx' | 'pdf', model: DocumentModel): Promise<{ kind: DocumentKind; format: string; content: Buffer }> {
    return { kind, format, content: Buffer.from((await writeDocument(model, format)).content) };
  }

  private async variant(context: RequestContext, id: string): Promise<ResumeVariant> {
    const found = await this.database.read(context, (manager) => manager.findOneBy(ResumeVariant, { id }));
    await this.database.release(context);
    if (!found) throw notFound('The resume variant');
    return found;
  }

  private async job(context: RequestContext, jobOpeningId: string): Promise<JobText> {
    const [opening, criteria] = await this.database.read(context, async (manager) => [
      (await manager.query<OpeningRow[]>(FIND_OPENING, [context.workspace, jobOpeningId]))[0],
      await manager.query<JobText['criteria']>(FIND_CRITERIA, [context.workspace, jobOpeningId]),
    ] as const);
    await this.database.release(context);
    if (!opening) throw notFound('The job opening');
    return { title: opening.title, company: opening.company, description: opening.description.split('\n').filter((line) => line.trim() !== '').slice(0, 300), criteria };
  }
}

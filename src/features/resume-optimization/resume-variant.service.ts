import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../common/errors.js';
import { isId, newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { AuditLog } from '../../platform/audit-log/audit-log.service.js';
import { JobControlService } from '../../serverless-jobs/control/job-control.service.js';
import { WorkflowControlService } from '../../serverless-jobs/control/workflow-control.service.js';
import type { BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { optimizeResume } from './resume-optimization.jobs.js';
import { ResumeVariant, type VariantFindings, type VariantSource } from './resume-variant.entity.js';
import type { ResumeRecord } from '../resume-analysis/parser/json-resume.js';

const FIND_APPLICATION = `
SELECT candidate_id AS "candidateId", job_opening_id AS "jobOpeningId", resume_document_id AS "documentId" FROM application WHERE workspace_id = $1 AND id = $2 FOR UPDATE`;
const FIND_LIVE = `
SELECT v.id FROM resume_variant v JOIN background_job j ON j.workspace_id = v.workspace_id AND j.id = v.run_id
WHERE v.workspace_id = $1 AND v.application_id = $2 AND v.ready_at IS NULL AND j.state IN ('queued', 'running', 'waiting', 'paused') LIMIT 1`;

interface FoundApplication {
  readonly candidateId: string;
  readonly jobOpeningId: string;
  readonly documentId: string | null;
}

export type VariantStatus = 'running' | 'paused' | 'ready' | 'failed' | 'cancelled';

/** A variant with what it was made of and has become. */
export interface VariantResult {
  readonly source: VariantSource;
  readonly record: ResumeRecord;
  readonly letter: readonly string[];
  readonly findings: VariantFindings;
}

/** The state of the run is the variant's until it is ready; a run that was deleted since has ended. */
export function variantStatus({ readyAt }: Pick<ResumeVariant, 'readyAt'>, run: BackgroundJobState | null): VariantStatus {
  if (readyAt !== null) return 'ready';
  if (run === 'paused' || run === 'cancelled') return run;
  return run === 'queued' || run === 'running' || run === 'waiting' ? 'running' : 'failed';
}

/** Begins, ends and repeats the work on variants of resumes. */
@Injectable()
export class ResumeVariantService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(JobControlService) private readonly control: JobControlService,
    @Inject(WorkflowControlService) private readonly workflows: WorkflowControlService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /** Begins a variant for an application, or returns the one that is under way. Throws NOT_FOUND, and NO_RESUME where there is nothing to rewrite. */
  async start(context: RequestContext, applicationId: string): Promise<ResumeVariant> {
    const requestedBy = context.actor.type === 'user' ? context.actor.id : null;
    return this.database.write(context, async (manager) => {
      // The application's row lets two callers take turns.
      const [application] = isId(applicationId) ? await manager.query<FoundApplication[]>(FIND_APPLICATION, [context.workspace, applicationId]) : [];
      if (!application) throw notFound('The application');
      if (application.documentId === null) throw new DomainError('NO_RESUME', 'This application has no resume that could be rewritten.', 409);
      const [live] = await manager.query<{ id: string }[]>(FIND_LIVE, [context.workspace, applicationId]);
      if (live) return manager.findOneByOrFail(ResumeVariant, { id: live.id });
      const { candidateId, jobOpeningId, documentId } = application;
      const variant = manager.create(ResumeVariant, {
        id: newId(), workspaceId: context.workspace, applicationId, candidateId, jobOpeningId, sourceDocumentId: documentId, requestedBy, runId: null, documentIds: [], createdAt: new Date(), readyAt: null,
      });
      await manager.save(variant);
      variant.runId = await this.jobs.enqueue(context, optimizeResume, { variantId: variant.id }, { subject: { type: 'application', id: applicationId }, dedupeKey: variant.id });
      await manager.update(ResumeVariant, { id: variant.id }, { runId: variant.runId });
      await this.auditLog.record(context, 'resume.optimize', { type: 'resume_variant', id: variant.id }, { applicationId });
      return variant;
    });
  }

  /** Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<ResumeVariant> {
    const variant = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(ResumeVariant, { id })) : null;
    if (!variant) throw notFound('The resume variant');
    return variant;
  }

  /** What has become of it; null until it is ready. Throws NOT_FOUND. */
  async result(context: RequestContext, id: string): Promise<VariantResult | null> {
    const { readyAt } = await this.get(context, id);
    if (readyAt === null) return null;
    const found = await this.database.read(context, (manager) =>
      manager.findOneOrFail(ResumeVariant, { where: { id }, select: { id: true, source: true, record: true, letter: true, findings: true } }));
    return { source: found.source!, record: found.record!, letter: found.letter ?? [], findings: found.findings! };
  }

  /** Stops the run; what it has written is kept with the run. Throws NOT_FOUND, and JOB_STATE where it has ended. */
  async cancel(context: RequestContext, id: string): Promise<ResumeVariant> {
    const { runId } = await this.get(context, id);
    await this.control.cancel(context, runId!, async () => void await this.auditLog.record(context, 'resume.optimize.cancel', { type: 'resume_variant', id }));
    return this.get(context, id);
  }

  /** Lets a run that has ended go on from the step that failed, or from the step that is named. Throws NOT_FOUND, JOB_STATE. */
  async retry(context: RequestContext, id: string, step: string | null): Promise<ResumeVariant> {
    const { runId } = await this.get(context, id);
    const note = async (): Promise<void> => {
      await this.database.write(context, (manager) => manager.update(ResumeVariant, { id }, { readyAt: null }));
      await this.auditLog.record(context, 'resume.optimize.retry', { type: 'resume_variant', id }, step === null ? {} : { step });
    };
    if (step !== null) await this.workflows.retryFromStep(context, runId!, step, note);
    else {
      await this.database.write(context, async () => {
        await this.control.retry(context, runId!);
        await note();
      });
    }
    return this.get(context, id);
  }
}

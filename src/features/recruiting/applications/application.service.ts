import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { parseInput, shortText } from '../../../common/validation.js';
import { isUniqueViolation } from '../../../infrastructure/database/database-errors.js';
import { Database } from '../../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../../protocols/graphql/connection.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import { PipelineStage } from '../../pipelines/pipeline-stage.entity.js';
import { JobOpening } from '../job-openings/job-opening.entity.js';
import { Application, type ApplicationStatus } from './application.entity.js';
import type { ApplicationSort } from './application.model.js';
import { StageEvent } from './stage-event.entity.js';

const SORTS: Readonly<Record<ApplicationSort, SortOrder>> = {
  NEWEST: { name: 'newest', expression: 'application.applied_at', type: 'timestamptz', descending: true },
  SCORE: { name: 'score', expression: 'coalesce(application.score, -1)', type: 'numeric', descending: true },
};

export interface ApplicationQuery {
  readonly jobOpeningId?: string | null;
  readonly stageId?: string | null;
  readonly candidateId?: string | null;
  readonly status?: ApplicationStatus | null;
}

const REASON = z.object({ reason: shortText });

/** Moves applications through their pipeline and ends them. */
@Injectable()
export class ApplicationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
  ) {}

  list(context: RequestContext, filter: ApplicationQuery, sort: ApplicationSort, page: PageArguments): Promise<Connection<Application>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<Application> => {
        const builder = manager.getRepository(Application).createQueryBuilder('application').where('application.workspace_id = :workspace', { workspace: context.workspace });
        for (const [column, value] of [['job_opening_id', filter.jobOpeningId], ['pipeline_stage_id', filter.stageId], ['candidate_id', filter.candidateId]] as const) {
          if (value) builder.andWhere(`application.${column} = :${column}`, { [column]: isId(value) ? value : null });
        }
        if (filter.status) builder.andWhere('application.status = :status', { status: filter.status });
        return builder;
      };
      return toConnection(await listPage(query(), SORTS[sort], page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<Application> {
    const found = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(Application, { id })) : null;
    if (!found) throw notFound('The application');
    return found;
  }

  /**
   * Puts the application into another stage of its pipeline; moving it to where it is changes nothing.
   * Throws NOT_FOUND, INVALID_INPUT for a stage of another pipeline, APPLICATION_CLOSED when it was rejected or withdrawn.
   */
  async move(context: RequestContext, id: string, stageId: string, version: number | null = null): Promise<Application> {
    return this.database.write(context, async (manager) => {
      const application = await this.lock(manager, id, version);
      if (application.pipelineStageId === stageId) return application;
      if (application.status === 'rejected' || application.status === 'withdrawn') {
        throw new DomainError('APPLICATION_CLOSED', 'This application was ended. Restore it before you move it.', 409);
      }
      const stage = isId(stageId) ? await manager.findOneBy(PipelineStage, { id: stageId }) : null;
      const opening = await manager.findOneByOrFail(JobOpening, { id: application.jobOpeningId });
      if (!stage || stage.pipelineId !== opening.pipelineId) throw invalidInput('The stage does not belong to the pipeline of this job.', 'stageId');
      const from = application.pipelineStageId;
      await this.recordStage(context, manager, application, stage.id, null);
      application.status = stage.category === 'hired' ? 'hired' : 'active';
      application.decidedAt = stage.category === 'hired' ? new Date() : null;
      await manager.save(application).catch(refuseSecondActive);
      await this.auditLog.record(context, 'application.move', { type: 'application', id }, { from, to: stage.id });
      await this.events.emit(context, { type: 'application.moved', subjectId: id, payload: { from, to: stage.id } });
      return application;
    });
  }

  /** Ends an active application with a reason that the team can read. Throws NOT_FOUND or APPLICATION_CLOSED. */
  async reject(context: RequestContext, id: string, reason: string, version: number | null = null): Promise<Application> {
    const { reason: text } = parseInput(REASON, { reason });
    return this.database.write(context, async (manager) => {
      const application = await this.lock(manager, id, version);
      if (application.status !== 'active') throw new DomainError('APPLICATION_CLOSED', 'Only an active application can be rejected.', 409);
      Object.assign(application, { status: 'rejected', rejectReason: text, decidedAt: new Date(), updatedAt: new Date() });
      await manager.save(application);
      await this.auditLog.record(context, 'application.reject', { type: 'application', id }, { reason: text });
      await this.events.emit(context, { type: 'application.rejected', subjectId: id, payload: { reason: text } });
      return application;
    });
  }

  /** Ends an active application because the candidate no longer wants the job. Throws NOT_FOUND or APPLICATION_CLOSED. */
  async withdraw(context: RequestContext, id: string, reason: string, version: number | null = null): Promise<Application> {
    const { reason: text } = parseInput(REASON, { reason });
    return this.database.write(context, async (manager) => {
      const application = await this.lock(manager, id, version);
      if (application.status !== 'active') throw new DomainError('APPLICATION_CLOSED', 'Only an active application can be withdrawn.', 409);
      Object.assign(application, { status: 'withdrawn', decidedAt: new Date(), updatedAt: new Date() });
      await manager.save(application);
      await this.auditLog.record(context, 'application.withdraw', { type: 'application', id }, { reason: text });
      await this.events.emit(context, { type: 'application.withdrawn', subjectId: id, payload: { reason: text } });
      return application;
    });
  }

  /** Takes a rejection back. Throws NOT_FOUND, or ALREADY_ACTIVE where the candidate has applied again since. */
  async restore(context: RequestContext, id: string, version: number | null = null): Promise<Application> {
    return this.database.write(context, async (manager) => {
      const application = await this.lock(manager, id, version);
      if (application.status === 'active') return application;
      Object.assign(application, { status: 'active', rejectReason: null, decidedAt: null, updatedAt: new Date() });
      await manager.save(application).catch(refuseSecondActive);
      await this.auditLog.record(context, 'application.restore', { type: 'application', id });
      await this.events.emit(context, { type: 'application.restored', subjectId: id, payload: {} });
      return application;
    });
  }

  /** Notes which background job analyses the application. */
  async setAnalysisJob(context: RequestContext, id: string, jobId: string): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      'UPDATE application SET analysis_job_id = $3 WHERE workspace_id = $1 AND id = $2', [context.workspace, id, jobId]));
  }

  /** Stores the score that a board shows. */
  async setScore(context: RequestContext, id: string, score: number, scoreRunId: string): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      'UPDATE application SET score = $3, score_run_id = $4, updated_at = now() WHERE workspace_id = $1 AND id = $2', [context.workspace, id, score, scoreRunId]));
  }

  private async recordStage(context: RequestContext, manager: EntityManager, application: Application, toStageId: string, reason: string | null): Promise<void> {
    const now = new Date();
    await manager.insert(StageEvent, {
      id: newId(), workspaceId: context.workspace, applicationId: application.id, fromStageId: application.pipelineStageId, toStageId,
      actorType: context.actor.type, actorId: context.actor.id, reason, timeInPreviousMs: now.getTime() - application.stageSince.getTime(), at: now,
    });
    Object.assign(application, { pipelineStageId: toStageId, stageSince: now, updatedAt: now });
  }

  /** Where a version is given, it must be the one that the caller has seen. Throws NOT_FOUND or VERSION_CONFLICT. */
  private async lock(manager: EntityManager, id: string, version: number | null): Promise<Application> {
    const application = isId(id) ? await manager.getRepository(Application).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
    if (!application) throw notFound('The application');
    if (version !== null && application.version !== version) throw new DomainError('VERSION_CONFLICT', 'Somebody has changed this application meanwhile. Load it again.', 409);
    return application;
  }
}

function refuseSecondActive(error: unknown): never {
  if (isUniqueViolation(error, 'application_active')) {
    throw new DomainError('ALREADY_ACTIVE', 'The candidate has another active application for this job.', 409);
  }
  throw error;
}

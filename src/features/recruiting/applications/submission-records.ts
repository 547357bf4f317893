import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import { Application } from './application.entity.js';
import { StageEvent } from './stage-event.entity.js';

export interface NewApplication {
  readonly candidateId: string;
  readonly jobOpeningId: string;
  readonly stageId: string;
  readonly documentId: string | null;
  readonly source: string;
  /** Hash of everything that was sent; null where a colleague entered it. */
  readonly hash: Buffer | null;
}

/** The rows of a submission: the application, its first stage event, the audit row and the event that starts the analysis. */
@Injectable()
export class SubmissionRecords {
  constructor(
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
  ) {}

  /** The candidate's active application for the job. A lock makes a second submission of the same moment wait here. */
  async findActive(manager: EntityManager, candidateId: string, jobOpeningId: string): Promise<Application | null> {
    await manager.query('SELECT 1 FROM candidate WHERE id = $1 FOR UPDATE', [candidateId]);
    return manager.getRepository(Application).createQueryBuilder('application').addSelect('application.submissionHash')
      .where('application.candidate_id = :candidateId AND application.job_opening_id = :jobOpeningId', { candidateId, jobOpeningId })
      .andWhere("application.status = 'active'").getOne();
  }

  /** Adds the rows to the surrounding write and returns the application's id. */
  async insert(context: RequestContext, manager: EntityManager, application: NewApplication): Promise<string> {
    const { candidateId, jobOpeningId, stageId, documentId, source, hash } = application;
    const id = newId();
    const now = new Date();
    await manager.insert(Application, {
      id, workspaceId: context.workspace, candidateId, jobOpeningId, pipelineStageId: stageId, resumeDocumentId: documentId, status: 'active', source,
      submissionHash: hash, appliedAt: now, stageSince: now, updatedAt: now,
    });
    await manager.insert(StageEvent, {
      id: newId(), workspaceId: context.workspace, applicationId: id, toStageId: stageId, actorType: context.actor.type, actorId: context.actor.id, at: now,
    });
    await this.auditLog.record(context, 'application.submit', { type: 'application', id }, { source });
    await this.events.emit(context, { type: 'application.submitted', subjectId: id, payload: { documentId } });
    return id;
  }
}

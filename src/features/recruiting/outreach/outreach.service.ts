import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { DomainError, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { longText, parseInput, shortText } from '../../../common/validation.js';
import { isUniqueViolation } from '../../../infrastructure/database/database-errors.js';
import { Database } from '../../../infrastructure/database/database.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import { requireUser } from '../../../platform/identity/session.service.js';
import { JobControlService } from '../../../serverless-jobs/control/job-control.service.js';
import { ServerlessJobService } from '../../../serverless-jobs/serverless-job.service.js';
import { WorkflowEvents } from '../../../serverless-jobs/workflows/workflow-events.service.js';
import { Candidate } from '../candidates/candidate.entity.js';
import { oneLine } from '../one-line.js';
import { fillMergeFields } from './merge-fields.js';
import { findRecipient, reasonNotToWrite, type OutreachRecipient } from './outreach-recipient.js';
import { Outreach } from './outreach.entity.js';
import { candidateOutreach, MAX_REMINDERS } from './outreach.jobs.js';

const INPUT = z.object({
  subject: shortText,
  text: longText,
  reminders: z.array(z.object({ afterDays: z.int().min(1, 'must be at least one day').max(90, 'may be at most 90 days'), text: longText })).max(MAX_REMINDERS, `may be at most ${MAX_REMINDERS}`),
  businessDays: z.boolean(),
});
export type NewOutreach = z.input<typeof INPUT>;

const REFUSALS = {
  gone: notFound('The application'),
  application_closed: new DomainError('APPLICATION_CLOSED', 'This application was ended.', 409),
  do_not_contact: new DomainError('DO_NOT_CONTACT', 'This person does not want to be contacted.', 409),
  no_email: new DomainError('NO_EMAIL', 'There is no e-mail address for this person.', 409),
} as const;

/** Starts and stops outreach, and takes note of answers. */
@Injectable()
export class OutreachService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(JobControlService) private readonly control: JobControlService,
    @Inject(WorkflowEvents) private readonly workflows: WorkflowEvents,
    @Inject(DomainEvents) private readonly events: DomainEvents,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /**
   * Begins to write to the candidate of an application. Merge fields are filled in now. Throws INVALID_INPUT (also for an unknown
   * or blank merge field), NOT_FOUND, APPLICATION_CLOSED, DO_NOT_CONTACT, NO_EMAIL, OUTREACH_RUNNING.
   */
  async start(context: RequestContext, applicationId: string, input: NewOutreach): Promise<Outreach> {
    const startedBy = requireUser(context);
    const values = parseInput(INPUT, input);
    return this.database.write(context, async (manager) => {
      const recipient = isId(applicationId) ? await findRecipient(manager, context.workspace, applicationId) : null;
      const reason = reasonNotToWrite(recipient);
      if (reason) throw REFUSALS[reason];
      const outreach = manager.create(Outreach, {
        id: newId(), workspaceId: context.workspace, applicationId, candidateId: recipient!.candidateId, ...filledIn(values, recipient!), businessDays: values.businessDays,
        status: 'active', sent: 0, startedBy, createdAt: new Date(),
      });
      await manager.save(outreach).catch(refuseSecondActive);
      const payload = { outreachId: outreach.id, candidateId: outreach.candidateId, mails: outreach.messages.length };
      outreach.runId = await this.jobs.enqueue(context, candidateOutreach, payload, { subject: { type: 'application', id: applicationId }, dedupeKey: outreach.id });
      await manager.update(Outreach, { id: outreach.id }, { runId: outreach.runId });
      await this.auditLog.record(context, 'outreach.start', { type: 'outreach', id: outreach.id }, { applicationId, mails: outreach.messages.length });
      return outreach;
    });
  }

  /** Ends an outreach; nothing more is sent. One that has ended stays as it is. Throws NOT_FOUND. */
  async stop(context: RequestContext, id: string, reason: string): Promise<Outreach> {
    return this.database.write(context, async (manager) => {
      const outreach = isId(id) ? await manager.findOneBy(Outreach, { id }) : null;
      if (!outreach) throw notFound('The outreach');
      await this.end(context, manager, outreach, reason);
      return manager.findOneByOrFail(Outreach, { id });
    });
  }

  /** Ends what is sent for an application. */
  async stopFor(context: RequestContext, applicationId: string, reason: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      for (const outreach of await manager.findBy(Outreach, { applicationId, status: 'active' })) await this.end(context, manager, outreach, reason);
    });
  }

  /** Notes that the candidate has answered: outreach to them ends, whatever it is about. Throws NOT_FOUND. */
  async recordReply(context: RequestContext, candidateId: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      if (!isId(candidateId) || !(await manager.existsBy(Candidate, { id: candidateId }))) throw notFound('The candidate');
      await this.workflows.send(context, 'candidate.replied', { candidateId });
      // The row is what a reminder looks at under its lock: after this commit none is sent, even where its time has come already.
      await manager.query(`UPDATE outreach SET status = 'replied', ended_at = now() WHERE workspace_id = $1 AND candidate_id = $2 AND status = 'active'`, [context.workspace, candidateId]);
      await this.auditLog.record(context, 'candidate.reply', { type: 'candidate', id: candidateId });
      await this.events.emit(context, { type: 'candidate.replied', subjectId: candidateId, payload: {} });
    });
  }

  /** The run is locked before the outreach, as its steps do it, so that nobody waits in a circle. */
  private async end(context: RequestContext, manager: EntityManager, outreach: Outreach, reason: string): Promise<void> {
    if (outreach.status !== 'active') return;
    if (outreach.runId !== null) await this.control.cancel(context, outreach.runId).catch(ignoreEnded);
    const [, changed] = await manager.query<[unknown[], number]>(
      `UPDATE outreach SET status = 'stopped', stop_reason = $3, ended_at = now() WHERE workspace_id = $1 AND id = $2 AND status = 'active'`, [context.workspace, outreach.id, reason]);
    if (changed > 0) await this.auditLog.record(context, 'outreach.stop', { type: 'outreach', id: outreach.id }, { reason });
  }
}

function filledIn({ subject, text, reminders }: z.output<typeof INPUT>, { displayName, jobTitle, company }: OutreachRecipient): Pick<Outreach, 'subject' | 'messages'> {
  const fields = { firstName: displayName.trim().split(/\s+/)[0] ?? '', jobTitle, company };
  return {
    subject: oneLine(fillMergeFields(subject, fields, 'subject'), 200),
    messages: [
      { text: fillMergeFields(text, fields, 'text'), afterDays: 0 },
      ...reminders.map((reminder, index) => ({ text: fillMergeFields(reminder.text, fields, `reminders.${index}.text`), afterDays: reminder.afterDays })),
    ],
  };
}

function refuseSecondActive(error: unknown): never {
  if (isUniqueViolation(error, 'outreach_active')) throw new DomainError('OUTREACH_RUNNING', 'An outreach for this application is under way. Stop it first.', 409);
  throw error;
}

/** A run that has ended, or was deleted since, needs no cancelling. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof DomainError && ['JOB_STATE', 'NOT_FOUND'].includes(error.code))) throw error;
}

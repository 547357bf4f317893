import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { requireUser } from '../identity/session.service.js';
import { Approval } from './approval.entity.js';
import { decideEscalated } from './approvals.permissions.js';

/** Somebody who is to be told about an approval. */
export interface Recipient {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
}

const PERSON = 'u.id AS "userId", u.email, u.display_name AS "displayName"';

/** What somebody is or was asked to approve: the records, and the hashes of the terms. */
export interface AskedAbout {
  readonly subjectIds: ReadonlySet<string>;
  readonly termsHashes: ReadonlySet<string>;
}

/** Whoever has left the team is told nothing more. */
const IS_MEMBER = 'JOIN membership m ON m.workspace_id = $1 AND m.user_id = u.id';

/** The step is marked as asked in the same transaction, so that nobody is asked twice. */
const TAKE_UNASKED = `
UPDATE approval_step s SET asked_at = now() FROM user_account u ${IS_MEMBER}
WHERE u.id = s.approver_id AND s.workspace_id = $1 AND s.approval_id = $2 AND s.state = 'active' AND s.asked_at IS NULL RETURNING ${PERSON}`;

const WAITED_FOR = `
SELECT ${PERSON} FROM approval_step s JOIN user_account u ON u.id = s.approver_id ${IS_MEMBER}
WHERE s.workspace_id = $1 AND s.approval_id = $2 AND s.state = 'active' ORDER BY s.position`;

const ASKED = `
SELECT ${PERSON} FROM approval_step s JOIN user_account u ON u.id = s.approver_id ${IS_MEMBER}
WHERE s.workspace_id = $1 AND s.approval_id = $2 AND s.asked_at IS NOT NULL AND s.state = 'skipped' ORDER BY s.position`;

const IN_CHARGE = `
SELECT ${PERSON} FROM membership m JOIN user_account u ON u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.workspace_id = $1 AND m.role = ANY ($3::text[])
  AND NOT EXISTS (SELECT 1 FROM approval_decision d WHERE d.workspace_id = $1 AND d.approval_id = $2 AND d.decided_by = m.user_id) ORDER BY m.created_at`;

const MINE = `
SELECT a.id FROM approval a WHERE a.workspace_id = $1 AND a.status = 'pending'
  AND NOT EXISTS (SELECT 1 FROM approval_decision d WHERE d.approval_id = a.id AND d.decided_by = $2)
  AND EXISTS (SELECT 1 FROM approval_step s WHERE s.approval_id = a.id AND s.state = 'active' AND (s.approver_id = $2 OR (s.escalated AND $3)))
ORDER BY a.due_at, a.id LIMIT 200`;

const ASKED_ABOUT = `
SELECT a.subject_id AS "subjectId", a.terms_hash AS "termsHash" FROM approval_step s JOIN approval a ON a.id = s.approval_id AND a.workspace_id = s.workspace_id
WHERE s.workspace_id = $1 AND s.approver_id = $2`;

const ASKED_MEMO = Symbol('what the caller is asked about');

/** Knows who has to be told what about an approval, and what waits for whom. */
@Injectable()
export class ApprovalPeople {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Those whose turn it is and who have not been asked; from now on they count as asked. */
  async takeUnasked(context: RequestContext, approvalId: string): Promise<Recipient[]> {
    const [rows] = await this.database.write(context, (manager) => manager.query<[Recipient[], number]>(TAKE_UNASKED, [context.workspace, approvalId]));
    return rows;
  }

  /** Those whose answer is missing now. */
  waitedFor(context: RequestContext, approvalId: string): Promise<Recipient[]> {
    return this.people(context, WAITED_FOR, [context.workspace, approvalId]);
  }

  /** Those who were asked and whose answer is no longer needed. */
  askedInVain(context: RequestContext, approvalId: string): Promise<Recipient[]> {
    return this.people(context, ASKED, [context.workspace, approvalId]);
  }

  /** Owners and admins who can answer in the place of others. */
  inCharge(context: RequestContext, approvalId: string): Promise<Recipient[]> {
    return this.people(context, IN_CHARGE, [context.workspace, approvalId, decideEscalated.roles]);
  }

  /** Open approvals in which it is the caller's turn, the most urgent first. */
  mine(context: RequestContext): Promise<Approval[]> {
    const userId = requireUser(context);
    return this.database.read(context, async (manager) => {
      const ids = await manager.query<{ id: string }[]>(MINE, [context.workspace, userId, context.can(decideEscalated)]);
      const found = await manager.createQueryBuilder(Approval, 'approval').whereInIds(ids.map(({ id }) => id)).getMany();
      return ids.flatMap(({ id }) => found.filter((approval) => approval.id === id));
    });
  }

  /** Everything that the caller is or was asked about, read once a request. */
  asked(context: RequestContext): Promise<AskedAbout> {
    return context.once(ASKED_MEMO, () => this.readAsked(context));
  }

  private async readAsked(context: RequestContext): Promise<AskedAbout> {
    const { type, id } = context.actor;
    const rows = type !== 'user' || id === null ? [] : await this.database.read(context, (manager) =>
      manager.query<{ subjectId: string; termsHash: string }[]>(ASKED_ABOUT, [context.workspace, id]));
    return { subjectIds: new Set(rows.map(({ subjectId }) => subjectId)), termsHashes: new Set(rows.map(({ termsHash }) => termsHash)) };
  }

  private people(context: RequestContext, statement: string, values: unknown[]): Promise<Recipient[]> {
    return this.database.read(context, (manager) => manager.query<Recipient[]>(statement, values));
  }
}

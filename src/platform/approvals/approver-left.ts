import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { OnDomainEvent, type DomainEvent, type DomainEventListener } from '../domain-events/domain-event.js';
import { ApprovalRecords } from './approval-records.js';

interface Removed {
  readonly [key: string]: string | boolean;
  readonly userId: string;
}

const OPEN_OF = `
SELECT DISTINCT a.id FROM approval a JOIN approval_step s ON s.workspace_id = a.workspace_id AND s.approval_id = a.id
WHERE a.workspace_id = $1 AND a.status = 'pending' AND s.approver_id = $2 AND s.state IN ('pending', 'active') ORDER BY a.id`;
const ESCALATE = `
UPDATE approval_step SET escalated = true WHERE workspace_id = $1 AND approval_id = $2 AND approver_id = $3 AND state IN ('pending', 'active') RETURNING state`;

/** Lets owners and admins answer in the place of an approver who is no longer in the team, so that nothing waits for somebody who cannot answer. */
@Injectable()
@OnDomainEvent('member.removed')
export class EscalateForApproverWhoLeft implements DomainEventListener<Removed> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalRecords) private readonly records: ApprovalRecords,
  ) {}

  async on(context: RequestContext, { payload: { userId } }: DomainEvent<Removed>): Promise<void> {
    await this.database.write(context, async (manager) => {
      for (const { id } of await manager.query<{ id: string }[]>(OPEN_OF, [context.workspace, userId])) {
        const approval = await this.records.lock(manager, id);
        const [steps] = await manager.query<[{ state: string }[], number]>(ESCALATE, [context.workspace, id, userId]);
        if (approval.status === 'pending' && steps.length > 0) await this.records.note(context, approval, 'escalate', 'approver_left', { userId, waiting: steps.some(({ state }) => state === 'active') });
      }
    });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { formatToken, newSecret, parseToken, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { TICKET_SECONDS } from './signed-in.js';

const TICKET_PREFIX = 'ticket';

const FIND = `
SELECT t.user_id AS "userId", m.role FROM sign_in_ticket t
JOIN membership m ON m.workspace_id = t.workspace_id AND m.user_id = t.user_id
JOIN user_account u ON u.id = t.user_id AND u.disabled_at IS NULL
WHERE t.token_hash = $1 AND t.expires_at > now()`;

const ticketEnded = (): DomainError => new DomainError('SIGN_IN_TICKET_ENDED', 'This sign-in took too long or was finished already. Begin again with your password.', 401);

/** Tickets for the second step of a sign-in: for one person and workspace, for five minutes, for one success. */
@Injectable()
export class SignInTickets {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** A ticket for somebody whose first factor was right. Those of theirs that have ended are deleted. */
  async issue(context: RequestContext, userId: string): Promise<string> {
    const ticket = formatToken(TICKET_PREFIX, context.workspace, newSecret());
    await this.database.write(context, async (manager) => {
      await manager.query('DELETE FROM sign_in_ticket WHERE workspace_id = $1 AND user_id = $2 AND expires_at <= now()', [context.workspace, userId]);
      await manager.query('INSERT INTO sign_in_ticket (id, workspace_id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))',
        [newId(), context.workspace, userId, sha256(ticket), TICKET_SECONDS]);
    });
    return ticket;
  }

  /** The call of whoever holds the ticket. Throws SIGN_IN_TICKET_ENDED. */
  async open(ticket: string, requestId: string): Promise<RequestContext> {
    const parsed = parseToken(ticket);
    if (parsed?.prefix !== TICKET_PREFIX) throw ticketEnded();
    const probe = systemContext(parsed.workspaceId, requestId);
    const [holder] = await this.database.read(probe, (manager) => manager.query<{ userId: string; role: Role }[]>(FIND, [sha256(ticket)])).finally(() => this.database.end(probe));
    if (!holder) throw ticketEnded();
    return new RequestContext(parsed.workspaceId, { type: 'user', id: holder.userId }, holder.role, null, requestId);
  }

  /** Uses the ticket up in the write that signs in. Throws SIGN_IN_TICKET_ENDED where another was faster. */
  async useUp(manager: EntityManager, ticket: string): Promise<void> {
    const [, deleted] = await manager.query<[unknown[], number]>('DELETE FROM sign_in_ticket WHERE token_hash = $1', [sha256(ticket)]);
    if (deleted !== 1) throw ticketEnded();
  }
}

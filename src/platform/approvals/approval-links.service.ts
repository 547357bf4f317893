import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { formatToken, newSecret, parseToken, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { ApprovalService } from './approval.service.js';
import type { Approval } from './approval.entity.js';

const LINK_PREFIX = 'approval';

/** What a mailed link stands for. The context is that of the person to whom it was mailed. */
export interface OpenedLink {
  readonly context: RequestContext;
  readonly id: string;
  readonly approvalId: string;
  readonly termsHash: string;
}

interface LinkRow {
  readonly id: string;
  readonly approvalId: string;
  readonly userId: string;
  readonly termsHash: string;
  readonly role: Role;
  readonly used: boolean;
  readonly expired: boolean;
}

const FIND = `
SELECT l.id, l.approval_id AS "approvalId", l.user_id AS "userId", l.terms_hash AS "termsHash", m.role, l.used_at IS NOT NULL AS used, l.expires_at <= now() AS expired
FROM approval_link l JOIN membership m ON m.workspace_id = l.workspace_id AND m.user_id = l.user_id
JOIN user_account u ON u.id = l.user_id AND u.disabled_at IS NULL
WHERE l.workspace_id = $1 AND l.token_hash = $2`;

const linkUsed = (): DomainError => new DomainError('LINK_USED', 'This link has been used. It works once.', 409);

/** Links in mails with which an approver decides without signing in: once, for these terms, until the approval is due. */
@Injectable()
export class ApprovalLinks {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalService) private readonly approvals: ApprovalService,
  ) {}

  /** Makes the secret of a link, in the surrounding write. Only its hash is stored. */
  async create(context: RequestContext, approvalId: string, userId: string): Promise<string> {
    const token = formatToken(LINK_PREFIX, context.workspace, newSecret());
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO approval_link (id, workspace_id, approval_id, user_id, terms_hash, token_hash, expires_at)
       SELECT $1, workspace_id, id, $3, terms_hash, $4, due_at FROM approval WHERE workspace_id = $2 AND id = $5`,
      [newId(), context.workspace, userId, sha256(token), approvalId]));
    return token;
  }

  /** Reads with the link's rights. Throws NOT_FOUND, LINK_USED, LINK_EXPIRED. */
  async open<T>(token: string, requestId: string, work: (link: OpenedLink) => Promise<T>): Promise<T> {
    const link = await this.find(token, requestId);
    try {
      return await work(link);
    } finally {
      await this.database.release(link.context);
    }
  }

  /** Decides with the link and uses it up; a refused decision leaves it as it was. Throws as `open` and as ApprovalService.decide. */
  decide(token: string, requestId: string, approve: boolean, comment: string | null): Promise<Approval> {
    return this.open(token, requestId, ({ context, id, approvalId, termsHash }) => this.database.write(context, async (manager) => {
      const [, used] = await manager.query<[unknown[], number]>(
        'UPDATE approval_link SET used_at = now() WHERE workspace_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > now()', [context.workspace, id]);
      if (used === 0) throw linkUsed();
      return this.approvals.decide(context, approvalId, { approve, comment, termsHash });
    }));
  }

  private async find(token: string, requestId: string): Promise<OpenedLink> {
    const parsed = parseToken(token);
    if (parsed?.prefix !== LINK_PREFIX) throw notFound('The link');
    const probe = systemContext(parsed.workspaceId, requestId);
    const [row] = await this.database.read(probe, (manager) => manager.query<LinkRow[]>(FIND, [parsed.workspaceId, sha256(token)])).finally(() => this.database.release(probe));
    if (!row) throw notFound('The link');
    if (row.used) throw linkUsed();
    if (row.expired) throw new DomainError('LINK_EXPIRED', 'The time for this approval is over.', 410);
    return { context: new RequestContext(parsed.workspaceId, { type: 'user', id: row.userId }, row.role, null, requestId), id: row.id, approvalId: row.approvalId, termsHash: row.termsHash };
  }
}

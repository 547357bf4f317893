import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { Role } from '../../common/permission.js';
import { RequestContext, systemContext } from '../../common/request-context.js';
import { formatToken, newSecret, parseToken, sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { addressKey, RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { PasswordRecords } from './password-records.js';
import { PasswordResetMail } from './password-reset-mail.js';
import { refuseWeakPassword } from './password-rules.js';
import { hashPassword } from './password.js';

const LINK_PREFIX = 'reset';
export const RESET_MINUTES = 30;

const BY_CALLER = { name: 'password-reset-caller', points: 20, seconds: 3_600 };
const BY_MAIL_ADDRESS = { name: 'password-reset-mail', points: 5, seconds: 3_600 };
const USES = { name: 'password-reset-use', points: 20, seconds: 900 };
/** Every request is answered after this time (ms), which is far more than a known address takes: the time tells nothing. */
const ANSWERED_AFTER = 500;

interface Account {
  readonly userId: string;
  readonly email: string;
  readonly workspaceId: string;
}

interface LinkRow extends Omit<Account, 'workspaceId'> {
  readonly id: string;
  readonly role: Role;
  readonly used: boolean;
  readonly expired: boolean;
}

const FIND_LINK = `
SELECT r.id, r.user_id AS "userId", u.email, m.role, r.used_at IS NOT NULL AS used, r.expires_at <= now() AS expired
FROM password_reset r JOIN user_account u ON u.id = r.user_id AND u.disabled_at IS NULL
JOIN membership m ON m.workspace_id = r.workspace_id AND m.user_id = r.user_id
WHERE r.workspace_id = $1 AND r.token_hash = $2`;

const linkUsed = (): DomainError => new DomainError('LINK_USED', 'This link has been used. Ask for a new one.', 409);
const linkExpired = (): DomainError => new DomainError('LINK_EXPIRED', 'This link is too old. Ask for a new one.', 410);

/** Lets people who forgot their password set another one by a mailed link: once, within half an hour. */
@Injectable()
export class PasswordResetService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(PasswordRecords) private readonly records: PasswordRecords,
    @Inject(PasswordResetMail) private readonly mail: PasswordResetMail,
  ) {}

  /** Mails a link where the address belongs to somebody. The caller cannot tell by the answer or by its time. Throws TOO_MANY_REQUESTS. */
  async request(email: string, ip: string, requestId: string): Promise<void> {
    const address = email.trim().toLowerCase();
    await this.limiter.consume(BY_CALLER, addressKey(ip));
    await this.limiter.consume(BY_MAIL_ADDRESS, address);
    const [sent] = await Promise.allSettled([this.mailLink(address, requestId), pause(ANSWERED_AFTER)]);
    if (sent.status === 'rejected') throw sent.reason;
  }

  /** Sets the password, uses up the link and ends all sessions of the person. Throws NOT_FOUND, LINK_USED, LINK_EXPIRED, INVALID_INPUT, TOO_MANY_REQUESTS. */
  async use(token: string, password: string, ip: string, requestId: string): Promise<void> {
    await this.limiter.consume(USES, addressKey(ip));
    const { context, id, userId, email } = await this.find(token, requestId);
    refuseWeakPassword(password, email);
    const hash = await hashPassword(password);
    await this.database.write(context, async (manager) => {
      const [, used] = await manager.query<[unknown[], number]>(
        'UPDATE password_reset SET used_at = now() WHERE workspace_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > now()', [context.workspace, id]);
      if (used === 0) throw linkUsed();
      await manager.query('UPDATE user_account SET password_hash = $2 WHERE id = $1', [userId, hash]);
      await this.records.changed(context, manager, { userId, email, keepSession: null, how: 'reset' });
    }, { userId });
  }

  private async mailLink(address: string, requestId: string): Promise<void> {
    const account = await this.findAccount(address);
    if (!account) return;
    const context = systemContext(account.workspaceId, requestId);
    const token = formatToken(LINK_PREFIX, account.workspaceId, newSecret());
    await this.database.write(context, async (manager) => {
      const id = newId();
      await manager.query(
        `INSERT INTO password_reset (id, workspace_id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5))`,
        [id, account.workspaceId, account.userId, sha256(token), RESET_MINUTES]);
      await this.mail.send(context, account, token);
    });
  }

  /** Somebody who could sign in, with the workspace in which they have been longest. */
  private async findAccount(address: string): Promise<Account | null> {
    const anonymous = systemContext(null);
    const [user] = await this.database.read(anonymous, (manager) => manager.query<{ id: string }[]>(
      'SELECT id FROM user_account WHERE email = $1 AND disabled_at IS NULL', [address])).finally(() => this.database.release(anonymous));
    if (!user) return null;
    const [membership] = await this.database.read(anonymous, (manager) => manager.query<{ workspaceId: string }[]>(
      'SELECT workspace_id AS "workspaceId" FROM membership WHERE user_id = $1 ORDER BY created_at, id LIMIT 1', [user.id]), { userId: user.id });
    return membership ? { userId: user.id, email: address, workspaceId: membership.workspaceId } : null;
  }

  private async find(token: string, requestId: string): Promise<{ context: RequestContext; id: string; userId: string; email: string }> {
    const parsed = parseToken(token);
    if (parsed?.prefix !== LINK_PREFIX) throw notFound('The link');
    const probe = systemContext(parsed.workspaceId, requestId);
    const [row] = await this.database.read(probe, (manager) => manager.query<LinkRow[]>(FIND_LINK, [parsed.workspaceId, sha256(token)])).finally(() => this.database.release(probe));
    if (!row) throw notFound('The link');
    if (row.used) throw linkUsed();
    if (row.expired) throw linkExpired();
    return { context: new RequestContext(parsed.workspaceId, { type: 'user', id: row.userId }, row.role, null, requestId), id: row.id, userId: row.userId, email: row.email };
  }
}

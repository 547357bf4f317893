import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { RateLimiter } from '../rate-limits/rate-limiter.service.js';
import { currentSession } from './own-sessions.service.js';
import { PasswordRecords } from './password-records.js';
import { refuseWeakPassword } from './password-rules.js';
import { hashPassword, verifyPassword } from './password.js';
import { requireUser } from './session.service.js';

/** Of one person: somebody who found an open browser must not guess here. */
const CHANGES = { name: 'password-change', points: 10, seconds: 900 };
/** Longer ones are refused before they are hashed. */
export const PASSWORD_INPUT = z.string().max(1_000, 'is too long');
const INPUT = z.object({ currentPassword: PASSWORD_INPUT, newPassword: PASSWORD_INPUT });

interface Account {
  readonly email: string;
  readonly passwordHash: string | null;
}

const wrongPassword = (): DomainError => new DomainError('WRONG_PASSWORD', 'The current password is wrong.', 403, false, { field: 'currentPassword' });

/** Changes the password of somebody who is signed in. */
@Injectable()
export class PasswordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(PasswordRecords) private readonly records: PasswordRecords,
  ) {}

  /**
   * Puts a new password in the place of the current one, ends the person's other sessions, and tells them by mail. Throws
   * WRONG_PASSWORD, INVALID_INPUT for one that is too weak, NO_PASSWORD where the account has none, TOO_MANY_REQUESTS.
   */
  async change(context: RequestContext, input: z.input<typeof INPUT>): Promise<void> {
    const userId = requireUser(context);
    const { currentPassword, newPassword } = parseInput(INPUT, input);
    const account = await this.account(context, userId);
    await this.limiter.consume(CHANGES, userId);
    if (account.passwordHash === null) throw new DomainError('NO_PASSWORD', 'This account has no password yet. Ask for a mail with which to set one.', 409);
    if (!(await verifyPassword(account.passwordHash, currentPassword))) throw wrongPassword();
    refuseWeakPassword(newPassword, account.email, 'newPassword');
    const hash = await hashPassword(newPassword);
    await this.database.write(context, async (manager) => {
      // Two changes at once: the second knows a password that is no longer the current one.
      const [, changed] = await manager.query<[unknown[], number]>('UPDATE user_account SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [userId, account.passwordHash, hash]);
      if (changed === 0) throw wrongPassword();
      await this.records.changed(context, manager, { userId, email: account.email, keepSession: currentSession(context), how: 'change' });
    }, { userId });
  }

  /** Gives the connection back: neither counting nor hashing may hold one. */
  private async account(context: RequestContext, userId: string): Promise<Account> {
    const [account] = await this.database.read(context, (manager) => manager.query<Account[]>('SELECT email, password_hash AS "passwordHash" FROM user_account WHERE id = $1', [userId]));
    await this.database.release(context);
    return account!;
  }
}

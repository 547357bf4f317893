import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../common/errors.js';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { AuditLog } from '../../audit-log/audit-log.service.js';
import { MailService } from '../../mail/mail.service.js';
import type { SessionDevice } from '../session-device.js';
import { requireFreshSignIn } from '../fresh-sign-in.js';
import { requireUser, SessionService } from '../session.service.js';
import { SignInTickets } from '../sign-in-ticket.service.js';
import { UserAccount } from '../user-account.entity.js';
import { IF_NOT_YOU, NOTICES, type Notice } from './second-factor-notices.js';
import { SecondFactorCodes } from './second-factor-codes.service.js';
import { enrolmentAddress, newCodeSecret } from './time-codes.js';

/** What somebody's second factor is at the moment. */
export interface SecondFactorStatus {
  readonly since: Date | null;
  readonly recoveryCodesLeft: number;
  /** Whether the workspace wants its members to have one. */
  readonly required: boolean;
}

export interface Enrolment {
  readonly secret: string;
  /** The otpauth address of the QR code. */
  readonly address: string;
}

const STATUS = `
SELECT u.second_factor_since AS since, (SELECT count(*)::int FROM recovery_code WHERE user_id = u.id) AS "recoveryCodesLeft",
  (SELECT second_factor_required FROM workspace WHERE id = $2) AS required
FROM user_account u WHERE u.id = $1`;

const NOTE = { on: 'second_factor.enable', off: 'second_factor.disable', renewed: 'second_factor.renew', recovered: 'second_factor.recover' } as const satisfies Record<Notice, string>;

/** Turns the caller's second factor on and off, and lets somebody in who has one. */
@Injectable()
export class SecondFactorService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SecondFactorCodes) private readonly codes: SecondFactorCodes,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(MailService) private readonly mails: MailService,
    @Inject(SessionService) private readonly sessions: SessionService,
    @Inject(SignInTickets) private readonly tickets: SignInTickets,
  ) {}

  async status(context: RequestContext): Promise<SecondFactorStatus> {
    const userId = requireUser(context);
    const [status] = await this.database.read(context, (manager) => manager.query<SecondFactorStatus[]>(STATUS, [userId, context.workspace]), { userId });
    return status!;
  }

  /** Begins an enrolment: a secret for the authenticator app, which counts once a code has confirmed it. Throws SIGN_IN_AGAIN, SECOND_FACTOR_ON. */
  async begin(context: RequestContext): Promise<Enrolment> {
    const userId = requireUser(context);
    const secret = await newCodeSecret();
    return this.database.write(context, async (manager) => {
      await requireFreshSignIn(manager, context);
      const { email } = await this.lockAccount(manager, userId, 'off');
      await this.codes.replaceSecret(manager, userId, secret);
      return { secret, address: await enrolmentAddress(secret, email) };
    }, { userId });
  }

  /** Ends an enrolment with a code of the app, and returns the recovery codes. Throws WRONG_CODE, SECOND_FACTOR_ON, TOO_MANY_REQUESTS. */
  async confirm(context: RequestContext, code: string): Promise<string[]> {
    return this.change(context, async (manager, userId) => {
      const account = await this.lockAccount(manager, userId, 'off');
      const factor = await this.codes.lock(manager, userId);
      if (!factor) throw new DomainError('ENROLMENT_NOT_BEGUN', 'Scan a new QR code first.', 409);
      await this.codes.useAppCode(manager, factor, code.replace(/\s/g, ''));
      await manager.query('UPDATE second_factor SET confirmed_at = now() WHERE id = $1', [factor.id]);
      await manager.query('UPDATE user_account SET second_factor_since = now() WHERE id = $1', [userId]);
      await this.tell(context, account, 'on');
      return this.codes.replaceRecoveryCodes(manager, userId);
    });
  }

  /** Makes new recovery codes against a code. Throws WRONG_CODE, SECOND_FACTOR_OFF, TOO_MANY_REQUESTS. */
  async renewRecoveryCodes(context: RequestContext, code: string): Promise<string[]> {
    return this.change(context, async (manager, userId) => {
      const account = await this.lockAccount(manager, userId, 'on');
      await this.codes.use(manager, userId, code);
      await this.tell(context, account, 'renewed');
      return this.codes.replaceRecoveryCodes(manager, userId);
    });
  }

  /** Turns the second factor off against a code. Throws WRONG_CODE, SECOND_FACTOR_OFF, TOO_MANY_REQUESTS. */
  async turnOff(context: RequestContext, code: string): Promise<void> {
    await this.change(context, async (manager, userId) => {
      const account = await this.lockAccount(manager, userId, 'on');
      await this.codes.use(manager, userId, code);
      await manager.query('DELETE FROM second_factor WHERE user_id = $1', [userId]);
      await manager.query('DELETE FROM recovery_code WHERE user_id = $1', [userId]);
      await manager.query('UPDATE user_account SET second_factor_since = NULL WHERE id = $1', [userId]);
      await this.tell(context, account, 'off');
    });
  }

  /**
   * The second step of a sign-in: uses up the ticket and the code and returns the token of a session, all of it or nothing.
   * Throws SIGN_IN_TICKET_ENDED, WRONG_CODE, TOO_MANY_REQUESTS.
   */
  async complete(ticket: string, code: string, device: SessionDevice, requestId: string): Promise<string> {
    const context = await this.tickets.open(ticket, requestId);
    return this.change(context, async (manager, userId) => {
      await this.tickets.useUp(manager, ticket);
      const used = await this.codes.use(manager, userId, code);
      if (used === 'recovery') await this.tell(context, await manager.findOneByOrFail(UserAccount, { id: userId }), 'recovered');
      return this.sessions.create(context, device);
    });
  }

  private async change<T>(context: RequestContext, work: (manager: EntityManager, userId: string) => Promise<T>): Promise<T> {
    const userId = requireUser(context);
    // Counting takes a connection too: whoever holds one and waits for another keeps others from both.
    await this.database.release(context);
    await this.codes.count(userId);
    return this.database.write(context, (manager) => work(manager, userId), { userId });
  }

  private async lockAccount(manager: EntityManager, userId: string, wanted: 'on' | 'off'): Promise<UserAccount> {
    const account = await manager.findOneOrFail(UserAccount, { where: { id: userId }, lock: { mode: 'pessimistic_write' } });
    const isOn = account.secondFactorSince !== null;
    if (isOn && wanted === 'off') throw new DomainError('SECOND_FACTOR_ON', 'Your account has a second factor already. Turn it off before you set up another.', 409);
    if (!isOn && wanted === 'on') throw new DomainError('SECOND_FACTOR_OFF', 'Your account has no second factor.', 409);
    return account;
  }

  private async tell(context: RequestContext, account: UserAccount, notice: Notice): Promise<void> {
    const { kind, subject, text } = NOTICES[notice];
    await this.auditLog.record(context, NOTE[notice], { type: 'user_account', id: account.id });
    await this.mails.send(context, { kind, to: { address: account.email, name: account.displayName }, subject, text: `${text}\n\n${IF_NOT_YOU}\n` });
  }
}

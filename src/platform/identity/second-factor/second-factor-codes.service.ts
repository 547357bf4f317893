import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { newId } from '../../../common/ids.js';
import { SecretBox } from '../../../common/secret-box.js';
import { RateLimiter } from '../../rate-limits/rate-limiter.service.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.js';
import { SECRET_COLUMN, SecondFactor } from './second-factor.entity.js';
import { stepOfCode } from './time-codes.js';

/** Of the account, from wherever the codes come: six digits are few. */
const BY_ACCOUNT = { name: 'second-factor-account', points: 10, seconds: 900 };

const wrongCode = (): DomainError =>
  new DomainError('WRONG_CODE', 'This code is wrong or was used already. Wait for the next one of your authenticator app, or use a recovery code.', 401);

/** What a code was that was right. */
export type UsedCode = 'app' | 'recovery';

/** Checks codes and uses them up. All of it happens in a write of the user, under a lock on their second factor. */
@Injectable()
export class SecondFactorCodes {
  constructor(
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
  ) {}

  /** Counts an attempt. Throws TOO_MANY_REQUESTS. */
  async count(userId: string): Promise<void> {
    await this.limiter.consume(BY_ACCOUNT, userId);
  }

  /** Stores a new secret that no code has confirmed yet, in the place of an earlier one of that kind. */
  async replaceSecret(manager: EntityManager, userId: string, secret: string): Promise<void> {
    await manager.query(
      `INSERT INTO second_factor (id, user_id, sealed_secret) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, last_step = 0, created_at = now() WHERE second_factor.confirmed_at IS NULL`,
      [newId(), userId, this.box.seal(secret, { workspaceId: null, field: SECRET_COLUMN.field })]);
  }

  /** The second factor, held until the write ends; null where there is none. */
  async lock(manager: EntityManager, userId: string): Promise<SecondFactor | null> {
    return manager.getRepository(SecondFactor).createQueryBuilder('factor').addSelect('factor.sealedSecret').where({ userId }).setLock('pessimistic_write').getOne();
  }

  /** Uses up a code of the app. Throws WRONG_CODE, also for one that was used before. */
  async useAppCode(manager: EntityManager, factor: SecondFactor, code: string): Promise<void> {
    const secret = this.box.open(factor.sealedSecret, { workspaceId: null, field: SECRET_COLUMN.field });
    const step = await stepOfCode(secret, code, this.clock.now(), Number(factor.lastStep));
    if (step === null) throw wrongCode();
    await manager.update(SecondFactor, { id: factor.id }, { lastStep: String(step) });
  }

  /** Uses up a code of the app or for recovery. Throws WRONG_CODE. */
  async use(manager: EntityManager, userId: string, typed: string): Promise<UsedCode> {
    const factor = await this.lock(manager, userId);
    const code = typed.replace(/\s/g, '');
    if (!factor?.confirmedAt) throw wrongCode();
    if (/^\d{6}$/.test(code)) {
      await this.useAppCode(manager, factor, code);
      return 'app';
    }
    const [, deleted] = await manager.query<[unknown[], number]>('DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2', [userId, recoveryCodeHash(code)]);
    if (deleted !== 1) throw wrongCode();
    return 'recovery';
  }

  /** Makes ten recovery codes in the place of those that are left, and returns them: they cannot be read again. */
  async replaceRecoveryCodes(manager: EntityManager, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await manager.query('DELETE FROM recovery_code WHERE user_id = $1', [userId]);
    await manager.query('INSERT INTO recovery_code (id, user_id, code_hash) SELECT gen_random_uuid(), $1, unnest($2::bytea[])', [userId, codes.map(recoveryCodeHash)]);
    return codes;
  }
}

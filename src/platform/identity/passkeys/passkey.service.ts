import { Inject, Injectable } from '@nestjs/common';
import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { DomainError, notFound } from '../../../common/errors.js';
import { newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { parseInput, shortText } from '../../../common/validation.js';
import { ENVIRONMENT } from '../../../config/environment.token.js';
import type { Environment } from '../../../config/environment.js';
import { Database } from '../../../infrastructure/database/database.js';
import { isUniqueViolation } from '../../../infrastructure/database/database-errors.js';
import { AuditLog } from '../../audit-log/audit-log.service.js';
import { MailService } from '../../mail/mail.service.js';
import { requireFreshSignIn } from '../fresh-sign-in.js';
import { requireUser } from '../session.service.js';
import { UserAccount } from '../user-account.entity.js';
import { PasskeyChallenges } from './passkey-challenges.service.js';
import { passkeySite, type PasskeySite } from './passkey-site.js';
import { Passkey } from './passkey.entity.js';

/** EdDSA, ES256 and RS256 by their COSE numbers: what devices have. */
export const ALGORITHMS = [-8, -7, -257];
const MOST = 20;
const RP_NAME = 'Perch';

export const passkeyRefused = (): DomainError => new DomainError('PASSKEY_REFUSED', 'This passkey was not accepted. Try again, or sign in with your password.', 401);

/** The site that passkeys are bound to. Throws PASSKEYS_OFF. */
export function requireSite(environment: Environment): PasskeySite {
  const site = passkeySite(environment);
  if (!site) throw new DomainError('PASSKEYS_OFF', 'Passkeys need an address with a name (PERCH_PUBLIC_URL).', 409);
  return site;
}

export interface RegistrationBegun {
  readonly options: PublicKeyCredentialCreationOptionsJSON;
  readonly attempt: string;
}

/** Lets people add, name and remove their passkeys. */
@Injectable()
export class PasskeyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(PasskeyChallenges) private readonly challenges: PasskeyChallenges,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(MailService) private readonly mails: MailService,
  ) {}

  list(context: RequestContext): Promise<Passkey[]> {
    const userId = requireUser(context);
    return this.database.read(context, (manager) => manager.find(Passkey, { where: { userId }, order: { createdAt: 'ASC' } }), { userId });
  }

  /** Throws PASSKEYS_OFF, SIGN_IN_AGAIN, TOO_MANY_PASSKEYS. */
  async begin(context: RequestContext): Promise<RegistrationBegun> {
    const userId = requireUser(context);
    const site = requireSite(this.environment);
    await this.database.read(context, (manager) => requireFreshSignIn(manager, context));
    const known = await this.list(context);
    if (known.length >= MOST) throw new DomainError('TOO_MANY_PASSKEYS', `You can have ${MOST} passkeys. Remove one first.`, 409);
    const account = await this.database.read(context, (manager) => manager.findOneByOrFail(UserAccount, { id: userId }));
    const { challenge, attempt } = this.challenges.make(userId);
    const { generateRegistrationOptions } = await import('@simplewebauthn/server');
    const options = await generateRegistrationOptions({
      rpName: RP_NAME, rpID: site.id, userName: account.email, userDisplayName: account.displayName, userID: new Uint8Array(Buffer.from(userId)),
      challenge: new Uint8Array(Buffer.from(challenge)), attestationType: 'none', supportedAlgorithmIDs: ALGORITHMS, excludeCredentials: known.map(({ credentialId: id, transports }) => ({ id, transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return { options, attempt };
  }

  /** Adds the passkey that the browser has made. Throws PASSKEY_EXPIRED, PASSKEY_REFUSED. */
  async add(context: RequestContext, attempt: string, response: object, name: string): Promise<Passkey> {
    const userId = requireUser(context);
    const label = parseInput(shortText, name);
    await this.database.release(context);
    const { credential, transports } = await this.verify(await this.challenges.take(attempt, userId), response);
    const id = newId();
    return this.database.write(context, async (manager) => {
      await manager.query('INSERT INTO passkey (id, user_id, credential_id, public_key, counter, transports, name) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [id, userId, credential.id, Buffer.from(credential.publicKey), credential.counter, transports, label]).catch(refuseKnown);
      await this.tell(context, userId, id, 'add', `The passkey "${label}" now opens your Perch account.`);
      return manager.findOneByOrFail(Passkey, { id });
    }, { userId });
  }

  /** Throws NOT_FOUND. */
  async rename(context: RequestContext, id: string, name: string): Promise<Passkey> {
    const userId = requireUser(context);
    const label = parseInput(shortText, name);
    return this.database.write(context, async (manager) => {
      const { affected } = await manager.update(Passkey, { id, userId }, { name: label });
      if (!affected) throw notFound('The passkey');
      await this.auditLog.record(context, 'passkey.rename', { type: 'passkey', id });
      return manager.findOneByOrFail(Passkey, { id });
    }, { userId });
  }

  /** Throws NOT_FOUND. */
  async remove(context: RequestContext, id: string): Promise<void> {
    const userId = requireUser(context);
    await this.database.write(context, async (manager) => {
      const passkey = await manager.findOneBy(Passkey, { id, userId });
      if (!passkey) throw notFound('The passkey');
      await manager.delete(Passkey, { id });
      await this.tell(context, userId, id, 'remove', `The passkey "${passkey.name}" no longer opens your Perch account.`);
    }, { userId });
  }

  private async verify(expectedChallenge: string, response: object) {
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const { id: expectedRPID, origin: expectedOrigin } = requireSite(this.environment);
    const registration = response as RegistrationResponseJSON;
    const result = await verifyRegistrationResponse({
      response: registration, expectedChallenge: Buffer.from(expectedChallenge).toString('base64url'), expectedOrigin, expectedRPID, requireUserVerification: true, supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => null);
    if (!result?.verified) throw passkeyRefused();
    const transports = registration.response.transports ?? [];
    return { credential: result.registrationInfo.credential, transports: transports.filter((transport) => /^[a-z-]{1,20}$/.test(transport)).slice(0, 10) };
  }

  private async tell(context: RequestContext, userId: string, id: string, deed: 'add' | 'remove', text: string): Promise<void> {
    const account = await this.database.write(context, (manager) => manager.findOneByOrFail(UserAccount, { id: userId }));
    await this.auditLog.record(context, `passkey.${deed}`, { type: 'passkey', id });
    await this.mails.send(context, {
      kind: `passkey_${deed}`, to: { address: account.email, name: account.displayName }, subject: deed === 'add' ? 'A passkey was added to your Perch account' : 'A passkey of your Perch account was removed',
      text: `${text}\n\nIf this was not you, remove it in the settings, change your password and tell an owner of your workspace at once.\n`,
    });
  }
}

function refuseKnown(error: unknown): never {
  if (isUniqueViolation(error)) throw new DomainError('PASSKEY_KNOWN', 'This passkey is in use already.', 409);
  throw error;
}

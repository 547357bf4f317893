import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { isId } from '../../../common/ids.js';
import { RequestContext } from '../../../common/request-context.js';
import { ENVIRONMENT } from '../../../config/environment.token.js';
import type { Environment } from '../../../config/environment.js';
import { Database } from '../../../infrastructure/database/database.js';
import { AccountDirectory } from '../account-directory.service.js';
import type { SessionDevice } from '../session-device.js';
import { SessionService } from '../session.service.js';
import { PasskeyChallenges } from './passkey-challenges.service.js';
import { Passkey } from './passkey.entity.js';
import { passkeyRefused, requireSite } from './passkey.service.js';

export interface SignInBegun {
  readonly options: PublicKeyCredentialRequestOptionsJSON;
  readonly attempt: string;
}

/**
 * Signs in with a passkey. Its device has checked a finger, a face or a PIN: that is two factors, so that no code is asked for.
 */
@Injectable()
export class PasskeySignIn {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(PasskeyChallenges) private readonly challenges: PasskeyChallenges,
    @Inject(AccountDirectory) private readonly accounts: AccountDirectory,
    @Inject(SessionService) private readonly sessions: SessionService,
  ) {}

  /** Throws PASSKEYS_OFF. */
  async begin(): Promise<SignInBegun> {
    const { id: rpID } = requireSite(this.environment);
    const { challenge, attempt } = this.challenges.make(null);
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
    return { options: await generateAuthenticationOptions({ rpID, challenge: new Uint8Array(Buffer.from(challenge)), userVerification: 'required' }), attempt };
  }

  /** The token of a session in the workspace of the slug, or in the oldest. Throws PASSKEY_EXPIRED, PASSKEY_REFUSED. */
  async finish(attempt: string, response: object, workspace: string | null, device: SessionDevice, requestId: string): Promise<string> {
    const challenge = await this.challenges.take(attempt, null);
    const assertion = response as AuthenticationResponseJSON;
    const userId = Buffer.from(String(assertion.response?.userHandle ?? ''), 'base64url').toString();
    if (!isId(userId)) throw passkeyRefused();
    const account = await this.accounts.byId(userId);
    const membership = account && (await this.accounts.membership(account.id, workspace));
    if (!account || !membership) throw passkeyRefused();
    const context = new RequestContext(membership.workspaceId, { type: 'user', id: userId }, membership.role, null, requestId);
    return this.database.write(context, async (manager) => {
      const passkey = await manager.findOne(Passkey, { where: { userId, credentialId: String(assertion.id) }, lock: { mode: 'pessimistic_write' } });
      if (!passkey) throw passkeyRefused();
      const counter = await this.verify(challenge, assertion, passkey);
      await manager.update(Passkey, { id: passkey.id }, { counter: String(counter), lastUsedAt: () => 'now()' });
      return this.sessions.create(context, device);
    }, { userId });
  }

  /** How often the passkey has signed now. A counter that runs backwards is that of a copy, and is refused. */
  private async verify(expectedChallenge: string, response: AuthenticationResponseJSON, { credentialId, publicKey, counter }: Passkey): Promise<number> {
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const { id: expectedRPID, origin: expectedOrigin } = requireSite(this.environment);
    const result = await verifyAuthenticationResponse({
      response, expectedChallenge: Buffer.from(expectedChallenge).toString('base64url'), expectedOrigin, expectedRPID, requireUserVerification: true,
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: Number(counter) },
    }).catch(() => null);
    if (!result?.verified) throw passkeyRefused();
    return result.authenticationInfo.newCounter;
  }
}

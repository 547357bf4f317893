import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import { parseInput } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Authenticator } from '../../protocols/http/authenticator.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { AuthRoutes, readAuthBody, type AuthRouteSet } from '../identity/auth-routes.js';
import { PASSWORD_INPUT } from '../identity/password.service.js';
import { UserAccount } from '../identity/user-account.entity.js';
import { InvitationAcceptance } from './invitation-acceptance.service.js';

const TOKEN = z.string().max(200);
const LOOK = z.object({ token: TOKEN });
const ACCEPT = z.object({ token: TOKEN, displayName: z.string().max(1_000).nullish(), password: PASSWORD_INPUT.nullish() });

/** POST /api/auth/invitation shows what a mailed link offers, /api/auth/invitation-acceptance accepts it. */
@Injectable()
@AuthRoutes()
export class InvitationRoutes implements AuthRouteSet {
  readonly routes = {
    'POST invitation': (request: DoorRequest): Promise<DoorResponse> => this.lookUp(request),
    'POST invitation-acceptance': (request: DoorRequest): Promise<DoorResponse> => this.accept(request),
  };

  constructor(
    @Inject(InvitationAcceptance) private readonly invitations: InvitationAcceptance,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async lookUp(request: DoorRequest): Promise<DoorResponse> {
    const { token } = parseInput(LOOK, await readAuthBody(request));
    const signedInAs = await this.signedInAs(request);
    return jsonResponse(200, { ...(await this.invitations.lookUp(token, request.ip, request.requestId)), signedInAs });
  }

  private async accept(request: DoorRequest): Promise<DoorResponse> {
    const { token, displayName, password } = parseInput(ACCEPT, await readAuthBody(request));
    const acceptance = { token, signedInAs: await this.signedInAs(request), displayName: displayName ?? null, password: password ?? null };
    const { email, workspaceSlug } = await this.invitations.accept(acceptance, request.ip, request.requestId);
    return jsonResponse(200, { email, workspaceSlug });
  }

  /** The address of whoever is signed in; a session that has ended is nobody's. A program cannot accept. */
  private async signedInAs(request: DoorRequest): Promise<string | null> {
    const context = await this.authenticator.authenticate(request).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    });
    if (context?.actor.type !== 'user') return null;
    try {
      return (await this.loader.byId(context, UserAccount, context.actor.id))?.email ?? null;
    } finally {
      await this.database.release(context);
    }
  }
}

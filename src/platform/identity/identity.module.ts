import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Authenticator } from '../../protocols/http/authenticator.js';
import { AccountResolver } from './account.resolver.js';
import { ApiKeyService } from './api-key.service.js';
import { AccountDirectory } from './account-directory.service.js';
import { AuthDoor } from './auth.door.js';
import { ApiKeyResolver, MemberResolver, ViewerResolver } from './identity.resolver.js';
import { IssuerTokens } from './issuer-tokens/issuer-tokens.service.js';
import { MemberService } from './member.service.js';
import { OwnSessions } from './own-sessions.service.js';
import { PasswordRecords } from './password-records.js';
import { PasswordResetMail } from './password-reset-mail.js';
import { PasswordResetRoutes } from './password-reset.routes.js';
import { PasswordResetService } from './password-reset.service.js';
import { PasswordService } from './password.service.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { SpentValues } from './spent-values.service.js';
import { WorkspaceDirectory } from './workspace-directory.service.js';
import { SessionService } from './session.service.js';
import { SignInTickets } from './sign-in-ticket.service.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    SessionService, SignInTickets, SpentValues, AccountDirectory, IssuerTokens, ApiKeyService, MemberService, WorkspaceDirectory, AuthDoor, ViewerResolver, MemberResolver, ApiKeyResolver,
    OwnSessions, PasswordService, PasswordRecords, PasswordResetService, PasswordResetMail, PasswordResetRoutes, AccountResolver,
    { provide: Authenticator, useClass: RequestAuthenticator },
  ],
  exports: [Authenticator, SessionService, SignInTickets, SpentValues, AccountDirectory, MemberService, WorkspaceDirectory],
})
export class IdentityModule {}

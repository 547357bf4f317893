import { Module } from '@nestjs/common';
import { AccessTokens } from './access-token.service.js';
import { OAuthClientResolver } from './oauth-client.resolver.js';
import { OAuthClientService } from './oauth-client.service.js';
import { OAuthRoutes } from './oauth.routes.js';

/** Programs with short-lived tokens. */
@Module({ providers: [OAuthClientService, AccessTokens, OAuthRoutes, OAuthClientResolver] })
export class OAuthClientsModule {}

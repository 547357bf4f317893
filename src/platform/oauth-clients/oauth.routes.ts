import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors.js';
import { declaredPermissions } from '../../common/permission.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { AuthRoutes, type AuthRouteSet } from '../identity/auth-routes.js';
import { AccessTokens, TOKEN_SECONDS } from './access-token.service.js';
import { grantedResponse, refusedResponse } from './oauth-error.js';
import { readTokenRequest } from './token-request.js';

const TOKEN_PATH = '/api/auth/token';

/** POST /api/auth/token gives tokens to programs; the metadata of RFC 8414 says so at /.well-known/oauth-authorization-server. */
@Injectable()
@AuthRoutes()
export class OAuthRoutes implements AuthRouteSet {
  readonly routes = {
    'POST token': (request: DoorRequest): Promise<DoorResponse> => this.token(request),
    'GET authorization-server': async (): Promise<DoorResponse> => this.metadata(),
  };

  constructor(
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  private async token(request: DoorRequest): Promise<DoorResponse> {
    try {
      const { token, scopes } = await this.tokens.issue(await readTokenRequest(request), request.ip, request.requestId);
      return grantedResponse({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope: scopes.join(' ') });
    } catch (error) {
      const refused = refusedResponse(error);
      if (!refused) throw error;
      return refused;
    }
  }

  private metadata(): DoorResponse {
    const { publicUrl } = this.environment;
    if (publicUrl === null) throw notFound('The address of this Perch (PERCH_PUBLIC_URL)');
    return jsonResponse(200, {
      issuer: publicUrl, token_endpoint: `${publicUrl}${TOKEN_PATH}`, token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      grant_types_supported: ['client_credentials'], response_types_supported: [], scopes_supported: declaredPermissions().filter(({ forPeople }) => !forPeople).map(({ name }) => name).sort(),
    }, { 'cache-control': 'public, max-age=300' });
  }
}

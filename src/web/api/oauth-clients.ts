export interface OAuthClient {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}
export const OAUTH_CLIENTS = '{ oauthClients { id clientId name scopes lastUsedAt revokedAt } }';
export const CREATE_OAUTH_CLIENT = 'mutation ($input: CreateOAuthClientInput!) { createOAuthClient(input: $input) { secret client { clientId } } }';
export const REVOKE_OAUTH_CLIENT = 'mutation ($id: ID!) { revokeOAuthClient(id: $id) { id } }';

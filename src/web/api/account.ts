export interface Session {
  readonly id: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly device: string | null;
  readonly address: string | null;
  readonly current: boolean;
  readonly elsewhere: boolean;
}
export const SESSIONS = '{ sessions { id createdAt lastUsedAt device address current elsewhere } }';
export const END_SESSION = 'mutation ($id: ID!) { endSession(id: $id) }';
export const END_OTHER_SESSIONS = 'mutation { endOtherSessions }';
export const CHANGE_PASSWORD = 'mutation ($currentPassword: String!, $newPassword: String!) { changePassword(currentPassword: $currentPassword, newPassword: $newPassword) }';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly lastFour: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
}
export const API_KEYS = '{ apiKeyScopes apiKeys { id name lastFour scopes createdAt expiresAt revokedAt } }';
export const CREATE_API_KEY = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { token key { id } } }';
export const REVOKE_API_KEY = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { allowInsecureRequests, clientCredentialsGrant, ClientSecretBasic, ClientSecretPost, discovery } from 'openid-client';
import request from 'supertest';
import { apiKey } from '../mcp/mcp-bench.js';
import { addMember, demoWorkspace } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';

interface Made {
  readonly id: string;
  readonly clientId: string;
  readonly secret: string;
}

const CREATE = 'mutation ($input: CreateOAuthClientInput!) { createOAuthClient(input: $input) { secret client { id clientId lastFour scopes } } }';
const SCOPES = ['people.read', 'applications.read'];

describe('an OAuth client', () => {
  let perch: Perch;
  let owner: Client;
  let made: Made;

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
    made = await make(owner);
  });
  afterAll(() => perch.stop());

  async function make(client: Client, scopes: readonly string[] = SCOPES): Promise<Made> {
    const { data, errors } = await client.graphql<{ createOAuthClient: { secret: string; client: { id: string; clientId: string } } }>(CREATE, { input: { name: 'Importer', scopes } });
    if (errors) throw new Error(errors[0]!.extensions.code);
    return { ...data.createOAuthClient.client, secret: data.createOAuthClient.secret };
  }
  const ask = (form: Record<string, string>): request.Test => request(perch.address).post('/api/auth/token').type('form').send(form);
  const post = ({ clientId, secret }: Made, extra: Record<string, string> = {}): request.Test => ask({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret, ...extra });
  const tokenOf = async (client: Made, extra: Record<string, string> = {}): Promise<string> => String((await post(client, extra)).body.access_token);
  const statusWith = async (token: string, path = '/api/v1/people'): Promise<number> => (await new Client(perch.address).useToken(token).get(path)).status;

  it('works with a genuine client', async () => {
    for (const authentication of [ClientSecretBasic(made.secret), ClientSecretPost(made.secret)]) {
      const configuration = await discovery(new URL(perch.address), made.clientId, undefined, authentication, { algorithm: 'oauth2', execute: [allowInsecureRequests] });
      const granted = await clientCredentialsGrant(configuration, { scope: 'people.read' });
      expect([granted.token_type, granted.expires_in, granted.scope]).toEqual(['bearer', 3_600, 'people.read']);
      expect([await statusWith(granted.access_token), await statusWith(granted.access_token, '/api/v1/applications')]).toEqual([200, 403]);
    }
  });

  it('acts under its scopes and name', async () => {
    const client = await make(owner, ['people.read', 'people.write']);
    const { body, headers } = await post(client);
    expect([headers['cache-control'], headers['pragma'], body.scope]).toEqual(['no-store', 'no-cache', 'people.read people.write']);
    const answer = await new Client(perch.address).useToken(body.access_token).post('/api/v1/people', { displayName: 'Ada Imported' }).set('idempotency-key', 'import-1');
    expect(answer.status).toBe(201);
    expect(await perch.database.query("SELECT actor_type, actor_id FROM audit_event WHERE object_id = $1", [answer.body.id])).toEqual([{ actor_type: 'oauth_client', actor_id: client.id }]);
    expect(await statusWith(body.access_token, '/api/v1/applications')).toBe(403);
  });

  it('is refused as the standard says', async () => {
    const wrong = { ...made, secret: 'x'.repeat(43) };
    const answers = {
      secret: await post(wrong), nobody: await post({ ...made, clientId: `${made.clientId.slice(0, -4)}ffff` }), noClient: await post({ ...made, clientId: "x' OR 1=1" }),
      nothing: await ask({ grant_type: 'client_credentials' }), grant: await post(made, { grant_type: 'password' }), missing: await ask({ client_id: made.clientId }),
      scope: await post(made, { scope: 'people.read people.write' }), twice: await ask({}).send(`grant_type=client_credentials&grant_type=client_credentials`),
      both: await post(made).auth(made.clientId, made.secret), json: await request(perch.address).post('/api/auth/token').send({ grant_type: 'client_credentials' }),
    };
    const told = Object.fromEntries(Object.entries(answers).map(([name, { status, body }]) => [name, `${status} ${(body as { error: string }).error}`]));
    expect(told).toEqual({
      secret: '401 invalid_client', nobody: '401 invalid_client', noClient: '401 invalid_client', nothing: '401 invalid_client', grant: '400 unsupported_grant_type', missing: '400 invalid_request',
      scope: '400 invalid_scope', twice: '400 invalid_request', both: '400 invalid_request', json: '400 invalid_request',
    });
    expect(answers.secret.headers['www-authenticate']).toMatch(/^Basic realm=/);
    expect(answers.secret.headers['cache-control']).toBe('no-store');
    expect((await request(perch.address).get('/api/v1/people').set('authorization', 'Bearer access_x')).headers['www-authenticate']).toBe('Bearer realm="perch"');
    expect((await request(perch.address).post('/api/graphql').set('authorization', 'Bearer access_x').send({ query: '{ viewer { role } }' })).headers['www-authenticate']).toBe('Bearer realm="perch"');
  });

  it('reads its credentials as a form has them', async () => {
    const encoded = Buffer.from(`${made.clientId.replaceAll('_', '%5F')}:${made.secret}`).toString('base64');
    const { status } = await ask({ grant_type: 'client_credentials' }).set('authorization', `Basic ${encoded}`);
    expect(status).toBe(200);
  });

  it('has a token for an hour', async () => {
    const token = await tokenOf(made);
    const [row] = await perch.database.query<{ seconds: number }>('SELECT extract(epoch FROM expires_at - now())::int AS seconds FROM access_token ORDER BY created_at DESC LIMIT 1');
    expect(Math.abs(row!.seconds - 3_600)).toBeLessThan(30);
    expect(await statusWith(token)).toBe(200);
    await perch.database.query("UPDATE access_token SET expires_at = expires_at - interval '1 hour'");
    expect(await statusWith(token)).toBe(401);
    await tokenOf(made);
    expect(await perch.database.query('SELECT 1 FROM access_token WHERE expires_at < now() AND oauth_client_id = $1', [made.id])).toEqual([]);
  });

  it('is dead at once when revoked', async () => {
    const client = await make(owner);
    const token = await tokenOf(client);
    expect(await statusWith(token)).toBe(200);
    await owner.graphql('mutation ($id: ID!) { revokeOAuthClient(id: $id) { revokedAt } }', { id: client.id });
    expect(await statusWith(token)).toBe(401);
    expect((await post(client)).body.error).toBe('invalid_client');
  });

  it('is dead by its row alone', async () => {
    const client = await make(owner);
    const token = await tokenOf(client);
    await perch.database.query('UPDATE oauth_client SET revoked_at = now() WHERE id = $1', [client.id]);
    expect(await statusWith(token)).toBe(401);
  });

  it('falls with whoever made it', async () => {
    const workspace = await demoWorkspace(perch.database);
    const admin = await addMember(perch.database, 'admin', workspace);
    const client = await make(await new Client(perch.address).signIn(admin.email, DEMO.password));
    const token = await tokenOf(client);
    expect(await statusWith(token)).toBe(200);
    await perch.database.query('DELETE FROM membership WHERE user_id = (SELECT id FROM user_account WHERE email = $1)', [admin.email]);
    expect([await statusWith(token), (await post(client)).body.error]).toEqual([401, 'invalid_client']);
  });

  it('is made by administrators within their rights', async () => {
    const recruiter = await addMember(perch.database, 'recruiter', await demoWorkspace(perch.database));
    await expect(make(await new Client(perch.address).signIn(recruiter.email, DEMO.password))).rejects.toThrow('FORBIDDEN');
    const admin = await new Client(perch.address).signIn((await addMember(perch.database, 'admin', await demoWorkspace(perch.database))).email, DEMO.password);
    await expect(make(admin, ['sign-in.manage'])).rejects.toThrow('INVALID_INPUT');
    await expect(make(admin, ['no.such'])).rejects.toThrow('INVALID_INPUT');
    const program = new Client(perch.address).useToken(await apiKey(owner, allScopes()));
    await expect(make(program)).rejects.toThrow('FORBIDDEN');
    const own = new Client(perch.address).useToken(await tokenOf(made));
    await expect(make(own)).rejects.toThrow('FORBIDDEN');
  });

  it('stays in its workspace', async () => {
    const other = await addMember(perch.database, 'owner');
    const stranger = await new Client(perch.address).signIn(other.email, DEMO.password);
    expect((await stranger.graphql('{ oauthClients { id } }')).data).toEqual({ oauthClients: [] });
    const { errors } = await stranger.graphql('mutation ($id: ID!) { revokeOAuthClient(id: $id) { id } }', { id: made.id });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await post(made)).status).toBe(200);
  });

  it('leaves only hashes', async () => {
    const token = await tokenOf(made);
    const rows = await perch.database.query<{ row: string }>('SELECT c::text AS row FROM oauth_client c UNION ALL SELECT t::text FROM access_token t UNION ALL SELECT e::text FROM audit_event e');
    const hashes = [token, made.secret].map((secret) => createHash('sha256').update(secret).digest('hex'));
    for (const hash of hashes) expect(rows.filter(({ row }) => row.includes(hash))).toHaveLength(1);
    for (const secret of [token, made.secret]) expect(rows.filter(({ row }) => row.includes(secret))).toEqual([]);
  });

  it('is slowed down', async () => {
    const client = await make(owner);
    const statuses = await Promise.all(Array.from({ length: 62 }, async () => (await post({ ...client, secret: 'y'.repeat(43) })).status));
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    const { status, body, headers } = await post(client);
    expect([status, body.error, headers['retry-after']]).toEqual([429, 'temporarily_unavailable', expect.stringMatching(/^\d+$/)]);
  });
});

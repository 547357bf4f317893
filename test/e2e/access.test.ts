import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import request from 'supertest';
import { Client } from '../support/client.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

const VIEWER = '{ viewer { role user { email } } }';

describe('access', () => {
  let perch: Perch;
  let owner: Client;

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
  });
  afterAll(() => perch.stop());

  const signIn = (email: string, password: string): request.Test => request(perch.address).post('/api/auth/sign-in').send({ email, password });

  it('is refused to strangers', async () => {
    const { errors } = await new Client(perch.address).graphql(VIEWER);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    expect((await request(perch.address).get('/api/applications')).status).toBe(401);
  });

  it('is refused for a wrong password', async () => {
    const { status, body } = await signIn('nobody@example.com', 'wrong');
    expect([status, body.code]).toEqual([401, 'SIGN_IN_FAILED']);
  });

  it('is slowed down after ten failures', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) statuses.push((await signIn('guessed@example.com', `guess ${attempt}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    expect((await signIn('guessed@example.com', 'once more')).headers['retry-after']).toMatch(/^\d+$/);
  });

  it('is kept in a host-bound cookie', async () => {
    const { headers } = await signIn(DEMO.email, DEMO.password);
    const cookie = headers['set-cookie']![0]!;
    expect(cookie).toMatch(/^__Host-perch_session=/);
    for (const attribute of ['HttpOnly', 'Secure', 'Path=/', 'SameSite=Lax']) expect(cookie).toContain(attribute);
    const asCookie = (origin: string): request.Test => request(perch.address).post('/api/graphql').set('cookie', cookie.split(';')[0]!).set('origin', origin).send({ query: VIEWER });
    expect((await asCookie(perch.address)).body.data.viewer.user.email).toBe(DEMO.email);
    expect((await asCookie('https://evil.example')).body.code).toBe('FOREIGN_ORIGIN');
  });

  it('leaves only the hash of a token', async () => {
    const { body } = await request(perch.address).post('/api/auth/sign-in').send({ ...DEMO, as: 'token' });
    const { token } = body as { token: string };
    const [account] = await perch.database.query<{ password: string }>('SELECT password_hash AS password FROM user_account WHERE email = $1', [DEMO.email]);
    expect(account!.password).toMatch(/^\$argon2id\$/);
    const hash = createHash('sha256').update(token).digest('hex');
    expect(await perch.database.query('SELECT 1 AS found FROM session WHERE token_hash = $1', [Buffer.from(hash, 'hex')])).toEqual([{ found: 1 }]);
    expect(await perch.database.query("SELECT 1 FROM session s WHERE position(right($1, 20) in s::text) > 0", [token])).toEqual([]);
    await request(perch.address).post('/api/auth/sign-out').set('authorization', `Bearer ${token}`);
    const { body: after } = await request(perch.address).post('/api/graphql').set('authorization', `Bearer ${token}`).send({ query: VIEWER });
    expect(after.code).toBe('UNAUTHENTICATED');
  });

  it('by API key reaches its scopes only', async () => {
    const made = await owner.graphql<{ createApiKey: { token: string; key: { id: string } } }>(
      'mutation { createApiKey(input: { name: "reader", scopes: ["applications.read"], days: 1 }) { token key { id } } }');
    const key = new Client(perch.address).useToken(made.data.createApiKey.token);
    expect((await key.get('/api/applications')).body.applications.length).toBeGreaterThan(3);
    expect((await key.graphql('{ candidates { nodes { id } } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    await owner.graphql('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: made.data.createApiKey.key.id });
    expect((await key.get('/api/applications')).status).toBe(401);
  });

  it('ends at the wall of the workspace', async () => {
    const [other, user] = [randomUUID(), randomUUID()];
    await perch.database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'other', 'Other')", [other]);
    await perch.database.query("INSERT INTO user_account (id, email, display_name, password_hash) SELECT $1, 'o@example.com', 'O', password_hash FROM user_account WHERE email = $2", [user, DEMO.email]);
    await perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $3, 'owner')", [randomUUID(), other, user]);
    const stranger = await new Client(perch.address).signIn('o@example.com', DEMO.password);
    const own = await owner.graphql<{ applications: { nodes: { id: string }[] } }>('{ applications { nodes { id } } }');
    const id = own.data.applications.nodes[0]!.id;
    const seen = await stranger.graphql<{ applications: { totalCount: number }; application: null }>('query ($id: ID!) { applications { totalCount } application(id: $id) { id } }', { id });
    expect(seen.data).toEqual({ applications: { totalCount: 0 }, application: null });
    const refused = await stranger.graphql('mutation ($id: ID!) { rejectApplication(id: $id, reason: "no") { id } }', { id });
    expect(refused.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await stranger.get(`/api/applications/${id}`)).status).toBe(404);
  });

  it('of an interviewer hides contact details', async () => {
    const user = randomUUID();
    await perch.database.query("INSERT INTO user_account (id, email, display_name, password_hash) SELECT $1, 'i@example.com', 'I', password_hash FROM user_account WHERE email = $2", [user, DEMO.email]);
    await perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) SELECT $1, id, $2, 'interviewer' FROM workspace WHERE slug = 'demo'", [randomUUID(), user]);
    const interviewer = await new Client(perch.address).signIn('i@example.com', DEMO.password);
    const created = await interviewer.graphql('mutation { createJobOpening(input: { title: "X", description: "Y" }) { id } }');
    expect(created.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const contact = '{ candidates(first: 1) { nodes { salaryExpectation documents { id } person { displayName emails { address } } } } }';
    const shown = async (client: Client): Promise<object> => (await client.graphql<{ candidates: { nodes: object[] } }>(contact)).data.candidates.nodes[0]!;
    expect(await shown(interviewer)).toMatchObject({ salaryExpectation: null, person: { displayName: expect.any(String), emails: null } });
    expect(await shown(owner)).toMatchObject({ person: { emails: [{ address: expect.stringContaining('@') }] } });
  });
});

describe('GraphQL limits', () => {
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    perch = await startPerch('process');
    client = await new Client(perch.address).signIn();
  });
  afterAll(() => perch.stop());

  const codeOf = async (query: string): Promise<string | undefined> => (await client.graphql(query)).errors?.[0]?.extensions.code;

  it('refuse what is too deep, wide or dear', async () => {
    const deep = `{ application(id: "x") { ${'candidate { applications { '.repeat(5)} id ${'} }'.repeat(5)} } }`;
    expect((await client.graphql(deep)).errors?.[0]).toMatchObject({ message: expect.stringContaining('depth'), extensions: { code: 'QUERY_TOO_LARGE' } });
    expect(await codeOf(`{ ${Array.from({ length: 25 }, (_, index) => `a${index}: viewer { role }`).join(' ')} }`)).toBe('QUERY_TOO_LARGE');
    const dear = 'applications(first: 200) { ...List } } fragment List on ApplicationConnection { nodes { candidate { applications { stageEvents { from { name } to { name } user { email } } candidate { documents { id fileName } } } } }';
    expect(await codeOf(`{ ${dear} }`)).toBe('QUERY_TOO_LARGE');
    expect(await codeOf(`{ viewer { ${'role '.repeat(2_500)} } }`)).toBe('GRAPHQL_PARSE_FAILED');
  });

  it('refuse a page beyond 200 rows', async () => {
    expect(await codeOf('{ applications(first: 201) { totalCount } }')).toBe('INVALID_INPUT');
  });

  it('leave no connection behind', async () => {
    for (let turn = 0; turn < 15; turn++) {
      const { data } = await client.graphql<{ applications: { totalCount: number } }>('{ applications { totalCount nodes { candidate { person { displayName } } } } jobOpenings { totalCount } }');
      expect(data.applications.totalCount).toBeGreaterThan(3);
    }
    const open = await perch.database.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND usename = 'perch_web'");
    expect(open).toEqual([]);
  });
});

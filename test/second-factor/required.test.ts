import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKey } from '../mcp/mcp-bench.js';
import { Client } from '../support/client.js';
import { addMember } from '../support/members.js';
import { startPerch, type Perch } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';
import { PhoneOwner } from './authenticator-app.js';

const REQUIRE = 'mutation ($required: Boolean!) { requireSecondFactor(required: $required) { required membersWithout } }';

describe('a workspace that requires a second factor', () => {
  let perch: Perch;
  let owner: PhoneOwner;
  let recruiter: PhoneOwner;

  beforeAll(async () => {
    perch = await startPerch('process');
    for (const [name, role] of [['Olga', 'owner'], ['Adam', 'admin'], ['Rita', 'recruiter']] as const) await addMember(perch.database, name, role);
    owner = new PhoneOwner(perch, 'olga@perch.example');
    recruiter = new PhoneOwner(perch, 'rita@perch.example');
    await owner.password();
    await recruiter.password();
  });
  afterAll(() => perch.stop());

  const refusal = async (client: Client, required = true): Promise<string | undefined> => (await client.graphql(REQUIRE, { required })).errors?.[0]?.extensions.code;

  it('is made by an owner who has one', async () => {
    const admin = new PhoneOwner(perch, 'adam@perch.example');
    await admin.password();
    expect(await refusal(admin.asClient())).toBe('FORBIDDEN');
    expect(await refusal(owner.asClient())).toBe('SECOND_FACTOR_FIRST');
    const program = new Client(perch.address).useToken(await apiKey(await new Client(perch.address).signIn(), allScopes()));
    expect(await refusal(program, false)).toBe('FORBIDDEN');
    await owner.enrol();
    const { data } = await owner.asClient().graphql(REQUIRE, { required: true });
    expect(data).toEqual({ requireSecondFactor: { required: true, membersWithout: 3 } });
    expect(await perch.database.query("SELECT changes FROM audit_event WHERE action = 'workspace.require_second_factor'")).toEqual([{ changes: { required: true } }]);
  });

  it('lets others do nothing but set one up', async () => {
    const client = recruiter.asClient();
    const answers = [
      await client.post('/api/graphql', { query: '{ viewer { role } }' }), await client.get('/api/v1/people'), await client.get('/api/applications'), await client.get('/api/events'),
      await client.get('/api/background-jobs'), await client.post('/api/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    ];
    expect(answers.map(({ status, body }) => [status, (body as { code?: string }).code])).toEqual(answers.map(() => [403, 'SECOND_FACTOR_REQUIRED']));
    expect((await client.get('/api/auth/session')).body).toMatchObject({ signedIn: true, lacksSecondFactor: true });
    expect((await client.get('/api/auth/second-factor')).body).toEqual({ since: null, recoveryCodesLeft: 0, required: true });
    await recruiter.enrol();
    expect((await client.get('/api/v1/people')).status).toBe(200);
    expect((await recruiter.asClient().graphql('{ viewer { role } }')).errors).toBeUndefined();
  });

  it('lets everybody in when it no longer does', async () => {
    await owner.asClient().graphql(REQUIRE, { required: false });
    const admin = new PhoneOwner(perch, 'adam@perch.example');
    await admin.password();
    expect((await admin.asClient().get('/api/v1/people')).status).toBe(200);
  });
});

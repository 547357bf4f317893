import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { DEMO, type Perch } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';
import { bodyOf, callOn, openOffice, type Records } from './office-records.js';
import { faultsOf, operations, RestBench } from './rest-bench.js';

describe('what a program may do by REST', () => {
  let perch: Perch;
  let owner: Client;
  let program: RestBench;
  let records: Records;

  beforeAll(async () => {
    ({ perch, owner, program, records } = await openOffice('process'));
  });
  afterAll(() => perch.stop());

  it('is nothing without credentials', async () => {
    const answers = await Promise.all(operations.map((operation) => callOn(new RestBench(perch.address, null), operation, records)));
    expect(new Set(answers.map(({ status, headers }) => `${status} ${headers['www-authenticate']}`))).toEqual(new Set(['401 Bearer realm="perch"']));
    expect((await new RestBench(perch.address, 'perch_x').get('/people')).status).toBe(401);
  });

  it('is to read, with a reading key', async () => {
    const reader = await RestBench.reader(owner);
    const before = await perch.database.query('SELECT count(*)::int AS count FROM audit_event');
    for (const operation of operations) {
      const answer = await callOn(reader, operation, records);
      expect([operation.operationId, answer.status]).toEqual([operation.operationId, operation.method === 'GET' ? 200 : 403]);
      expect(faultsOf(operation, answer)).toEqual([]);
    }
    expect(operations.filter(({ method }) => method !== 'GET').length).toBeGreaterThan(12);
    expect(await perch.database.query('SELECT count(*)::int AS count FROM audit_event')).toEqual(before);
  });

  it('is what its scopes say', async () => {
    const blind = await RestBench.withScopes(owner, ['people.read', 'candidates.read', 'offers.read']);
    expect((await blind.get(`/people/${records['people']!}`)).body).toMatchObject({ emails: null, phones: null });
    expect((await blind.get(`/offers/${records['offers']!}`)).body).toMatchObject({ terms: { pay: null, otherTerms: null } });
    expect((await blind.get('/companies')).body).toMatchObject({ status: 403, code: 'FORBIDDEN', permission: 'companies.read' });
    expect((await program.get(`/offers/${records['offers']!}`)).body).toMatchObject({ terms: { pay: { amount: 60_000 } } });
  });

  it('stays in its workspace', async () => {
    await perch.database.query("INSERT INTO workspace (id, slug, name) VALUES (gen_random_uuid(), 'elsewhere', 'Elsewhere')");
    await perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) SELECT gen_random_uuid(), w.id, u.id, 'owner' FROM workspace w, user_account u WHERE w.slug = 'elsewhere' AND u.email = $1", [DEMO.email]);
    const { body } = await new Client(perch.address).post('/api/auth/sign-in', { ...DEMO, workspace: 'elsewhere', as: 'token' });
    const stranger = await RestBench.withScopes(new Client(perch.address).useToken((body as { token: string }).token), allScopes());
    const before = await perch.database.query('SELECT count(*)::int AS count FROM audit_event');
    for (const operation of operations.filter(({ path }) => path.includes('{id}'))) {
      const answer = await callOn(stranger, operation, records);
      expect([operation.operationId, answer.status, answer.body['code']]).toEqual([operation.operationId, 404, 'NOT_FOUND']);
    }
    for (const path of ['/people', '/companies', '/candidates', '/job-openings', '/applications', '/offers', '/pipelines', '/background-jobs?sort=oldest']) {
      const items = await stranger.items(path);
      expect(items.filter(({ id }) => Object.values(records).includes(String(id)))).toEqual([]);
    }
    const codes = await Promise.all(['createPerson', 'createCandidate', 'createApplication'].map((name) => stranger.post(operations.find(({ operationId }) => operationId === name)!.path, bodyOf(name, records))));
    expect(codes.map(({ status }) => status)).toEqual([400, 404, 404]);
    expect(await perch.database.query('SELECT count(*)::int AS count FROM audit_event')).toEqual(before);
  });

  it('falls with its maker', async () => {
    const people = await Promise.all(['Dora Disabled', 'Lea Leaver', 'Rhea Reduced'].map(async (name) => {
      const id = await addMember(perch.database, name, 'admin');
      const maker = await new Client(perch.address).signIn(`${name.toLowerCase().replace(' ', '.')}@perch.example`, MEMBER_PASSWORD);
      return { id, bench: await RestBench.withScopes(maker, ['people.read', 'companies.write', 'companies.read']) };
    }));
    const [disabled, leaver, reduced] = people as [typeof people[0], typeof people[0], typeof people[0]];
    const statuses = (): Promise<number[]> => Promise.all(people.map(async ({ bench }) => (await bench.get('/companies')).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    await perch.database.query('UPDATE user_account SET disabled_at = now() WHERE id = $1', [disabled.id]);
    await perch.database.query('DELETE FROM membership WHERE user_id = $1', [leaver.id]);
    await perch.database.query("UPDATE membership SET role = 'interviewer' WHERE user_id = $1", [reduced.id]);
    expect(await statuses()).toEqual([401, 401, 403]);
    expect((await reduced.bench.get('/people')).status).toBe(200);
  });

  it('is its person\'s, with a session', async () => {
    const { headers } = await new Client(perch.address).post('/api/auth/sign-in', DEMO);
    const cookie = String(headers['set-cookie']).split(';')[0]!;
    const browser = new RestBench(perch.address, null);
    expect((await browser.send('GET', '/people?limit=1', undefined, { cookie })).status).toBe(200);
    expect((await browser.send('POST', '/companies', { name: 'Foreign Ltd' }, { cookie, origin: 'https://evil.example' })).body).toMatchObject({ status: 403, code: 'FOREIGN_ORIGIN' });
    expect((await browser.send('POST', '/companies', '{"name":"Form Ltd"}', { cookie, 'content-type': 'text/plain' })).status).toBe(415);
  });
});

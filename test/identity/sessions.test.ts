import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { networkOf, deviceName } from '../../src/platform/identity/session-device.js';
import { Client } from '../support/client.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { TeamBench } from './team-bench.js';

const SESSIONS = '{ sessions { id device address current elsewhere lastUsedAt } }';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

interface Shown {
  readonly id: string;
  readonly device: string | null;
  readonly address: string | null;
  readonly current: boolean;
  readonly elsewhere: boolean;
  readonly lastUsedAt: string;
}

describe('sessions', () => {
  let bench: TeamBench;
  const email = TeamBench.emailOf('Sam Sessions');

  beforeAll(async () => {
    bench = await TeamBench.open('process');
    await addMember(bench.perch.database, 'Sam Sessions', 'recruiter');
  });
  afterAll(() => bench.perch.stop());

  async function signIn(userAgent: string, ip: string): Promise<Client> {
    const { body } = await request(bench.perch.address).post('/api/auth/sign-in').set('user-agent', userAgent).set('x-forwarded-for', ip).send({ email, password: MEMBER_PASSWORD, as: 'token' });
    return new Client(bench.perch.address).useToken((body as { token: string }).token);
  }
  const list = async (client: Client): Promise<readonly Shown[]> => (await client.graphql<{ sessions: readonly Shown[] }>(SESSIONS)).data.sessions;
  const age = (minutes: number): Promise<object[]> => bench.perch.database.query("UPDATE session SET last_used_at = last_used_at - make_interval(mins => $1)", [minutes]);
  const lastUsed = async (id: string): Promise<number> => (await bench.perch.database.query<{ age: number }>('SELECT extract(epoch FROM now() - last_used_at)::float AS age FROM session WHERE id = $1', [id]))[0]!.age;

  it('tell device and network, this one first', async () => {
    const [phone, firefox] = [await signIn(PHONE, '2001:db8:1:2:3:4:5:6'), await signIn(FIREFOX, '198.51.100.77')];
    expect(await list(firefox)).toMatchObject([
      { device: 'Firefox on Windows', address: '198.51.100.0/24', current: true, elsewhere: false }, { device: 'Safari on iOS', address: '2001:db8:1:2::/64', current: false, elsewhere: false },
    ]);
    expect((await list(phone)).map(({ device }) => device)).toEqual(['Safari on iOS', 'Firefox on Windows']);
  });

  it('are dead while the account is closed', async () => {
    const client = await signIn(FIREFOX, '198.51.100.77');
    const close = (closed: boolean): Promise<object[]> => bench.perch.database.query('UPDATE user_account SET disabled_at = CASE WHEN $2 THEN now() END WHERE email = $1', [email, closed]);
    await close(true);
    expect((await client.get('/api/v1/companies')).body.code).toBe('UNAUTHENTICATED');
    await close(false);
    expect((await client.get('/api/v1/companies')).status).toBe(200);
  });

  it('note their use every few minutes only', async () => {
    const client = await signIn(FIREFOX, '198.51.100.77');
    const id = (await list(client))[0]!.id;
    await age(4);
    await list(client);
    expect(await lastUsed(id)).toBeGreaterThan(200);
    await age(2);
    await client.get('/api/v1/companies').set('x-forwarded-for', '203.0.113.5');
    expect(await lastUsed(id)).toBeLessThan(60);
    const [written] = await bench.perch.database.query<{ row: string }>('SELECT xmin::text AS row FROM session WHERE id = $1', [id]);
    expect((await list(client))[0]!.address).toBe('203.0.113.0/24');
    expect(await bench.perch.database.query('SELECT xmin::text AS row FROM session WHERE id = $1', [id])).toEqual([written]);
  });

  it('end one at a time', async () => {
    const [mine, lost] = [await signIn(FIREFOX, '198.51.100.77'), await signIn('curl/8.5.0', '198.51.100.78')];
    const { id } = (await list(lost))[0]!;
    const stranger = await bench.member('Stan Stranger', 'owner');
    expect(await bench.run(stranger, 'mutation ($id: ID!) { endSession(id: $id) }', { id })).toBe('NOT_FOUND');
    expect(await list(lost)).not.toHaveLength(0);
    expect(await bench.run(mine, 'mutation ($id: ID!) { endSession(id: $id) }', { id })).toBe('done');
    expect((await lost.get('/api/v1/companies')).status).toBe(401);
    expect(await bench.noted(id)).toEqual(['session.end']);
    expect(await bench.run(mine, 'mutation { endSession(id: "nothing") }')).toBe('NOT_FOUND');
  });

  it('of other workspaces end with the others', async () => {
    await bench.perch.database.query("INSERT INTO workspace (id, slug, name) VALUES (gen_random_uuid(), 'second', 'Second')");
    await bench.perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) SELECT gen_random_uuid(), w.id, u.id, 'owner' FROM workspace w, user_account u WHERE w.slug = 'second' AND u.email = $1", [email]);
    const there = new Client(bench.perch.address).useToken((await bench.auth('sign-in', { email, password: MEMBER_PASSWORD, workspace: 'second', as: 'token' })).body['token'] as string);
    const here = await signIn(FIREFOX, '198.51.100.77');
    expect((await list(here)).filter(({ elsewhere }) => elsewhere)).toHaveLength(1);
    const { data } = await here.graphql<{ endOtherSessions: number }>('mutation { endOtherSessions }');
    expect(data.endOtherSessions).toBeGreaterThan(2);
    expect((await there.graphql('{ viewer { role } }') as unknown as { code: string }).code).toBe('UNAUTHENTICATED');
    expect(await list(here)).toMatchObject([{ current: true }]);
    expect((await bench.owner.graphql('{ viewer { role } }')).data).toEqual({ viewer: { role: 'owner' } });
  });

  it('that have expired are neither shown nor kept', async () => {
    const here = await signIn(FIREFOX, '198.51.100.77');
    const before = (await list(here)).length;
    await bench.perch.database.query("UPDATE session SET expires_at = now() - interval '1 minute' WHERE id = (SELECT id FROM session WHERE user_id = (SELECT id FROM user_account WHERE email = $1) ORDER BY created_at LIMIT 1)", [email]);
    expect(await list(here)).toHaveLength(before - 1);
  });
});

describe('the place of a sign-in', () => {
  it.each([
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36', 'Chrome on macOS'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0', 'Edge on Windows'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15', 'Safari on macOS'],
    ['curl/8.5.0', 'curl'], [`${'x'.repeat(500)}/1`, 'x'.repeat(60)], ['\u001b[31mred', '[31mred'], ['', null], [undefined, null],
  ])('is named in a few words: %s', (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name);
  });

  it.each([
    ['198.51.100.77', '198.51.100.0/24'], ['::ffff:198.51.100.77', '198.51.100.0/24'], ['2001:db8::1', '2001:db8:0:0::/64'], ['2001:0db8:00ab:0012:1::1', '2001:db8:ab:12::/64'],
    ['::1', '0:0:0:0::/64'], ['', null], ['nonsense', null],
  ])('is a network, not an address: %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

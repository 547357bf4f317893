import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Client } from '../support/client.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import type { Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';
import { NEW_PASSWORD, TeamBench } from './team-bench.js';

const CHANGE = 'mutation ($currentPassword: String!, $newPassword: String!) { changePassword(currentPassword: $currentPassword, newPassword: $newPassword) }';

describe.each<Shape>(SHAPES)('a forgotten password, in the shape %s', (shape) => {
  let bench: TeamBench;

  beforeAll(async () => {
    bench = await TeamBench.open(shape);
  });
  afterAll(() => bench.perch.stop());

  it('is set by a mailed link', async () => {
    await bench.member('Fay Forgetful', 'recruiter');
    const email = TeamBench.emailOf('Fay Forgetful');
    expect(await bench.auth('password-reset-request', { email: ` ${email.toUpperCase()} ` })).toEqual({ status: 202, body: {} });
    const token = await bench.lastLink(email, 'reset-password');
    expect(await bench.auth('password-reset', { token, password: NEW_PASSWORD })).toEqual({ status: 200, body: {} });
    await bench.signIn(email, NEW_PASSWORD);
    expect((await bench.auth('sign-in', { email, password: MEMBER_PASSWORD })).body['code']).toBe('SIGN_IN_FAILED');
  });
});

describe('passwords', () => {
  let bench: TeamBench;

  beforeAll(async () => {
    bench = await TeamBench.open('process');
  });
  afterAll(() => bench.perch.stop());

  async function forget(name: string): Promise<{ email: string; token: string }> {
    await addMember(bench.perch.database, name, 'recruiter');
    const email = TeamBench.emailOf(name);
    await bench.auth('password-reset-request', { email });
    return { email, token: await bench.lastLink(email, 'reset-password') };
  }
  const reset = async (token: string, password = NEW_PASSWORD): Promise<string> => {
    const { status, body } = await bench.auth('password-reset', { token, password });
    return status === 200 ? '200' : String(body['code']);
  };
  const subjects = async (email: string): Promise<string[]> => (await bench.perch.database.query<{ subject: string }>('SELECT subject FROM mail_message WHERE to_address = $1 ORDER BY id', [email])).map(({ subject }) => subject);

  it('are reset once, also at once', async () => {
    const { email, token } = await forget('Ron Reset');
    const [row] = await bench.perch.database.query<{ hash: Buffer; text: string }>("SELECT token_hash AS hash, r::text AS text FROM password_reset r ORDER BY created_at DESC LIMIT 1");
    expect(row!.hash).toEqual(createHash('sha256').update(token).digest());
    expect(row!.text).not.toContain(token.split('_')[2]);
    const answers = await Promise.all([reset(token), reset(token), reset(token)]);
    expect(answers.sort()).toEqual(['200', 'LINK_USED', 'LINK_USED']);
    expect(await subjects(email)).toEqual(['Set a new password', 'Your password was changed']);
  });

  it('are reset within half an hour', async () => {
    const { email, token } = await forget('Lara Late');
    await bench.perch.database.query("UPDATE password_reset SET expires_at = expires_at - interval '30 minutes'");
    expect(await reset(token)).toBe('LINK_EXPIRED');
    await bench.signIn(email, MEMBER_PASSWORD);
  });

  it('that are reset end sessions and other links', async () => {
    const { email, token } = await forget('Enno Everywhere');
    await bench.auth('password-reset-request', { email });
    const [older, newer] = await bench.links(email, 'reset-password');
    const clients = await Promise.all([1, 2].map(() => bench.signIn(email, MEMBER_PASSWORD)));
    expect([older, await reset(token, 'password1234')]).toEqual([token, 'INVALID_INPUT']);
    expect(await reset(newer!)).toBe('200');
    for (const client of clients) expect((await client.get('/api/v1/companies')).status).toBe(401);
    expect(await reset(older!)).toBe('NOT_FOUND');
    const [{ id }] = await bench.perch.database.query<{ id: string }>('SELECT id FROM user_account WHERE email = $1', [email]) as [{ id: string }];
    expect([await bench.noted(id), await bench.events(id)]).toEqual([['user.request_password_reset', 'user.request_password_reset', 'user.reset_password'], ['user.password_changed']]);
  });

  it('are not reset for people who are out', async () => {
    const gone = await forget('Gabi Gone');
    const closed = await forget('Cleo Closed');
    await bench.perch.database.query("DELETE FROM membership WHERE user_id = (SELECT id FROM user_account WHERE email = $1)", [gone.email]);
    await bench.perch.database.query('UPDATE user_account SET disabled_at = now() WHERE email = $1', [closed.email]);
    expect([await reset(gone.token), await reset(closed.token)]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    for (const { email } of [gone, closed]) {
      expect(await bench.auth('password-reset-request', { email })).toEqual({ status: 202, body: {} });
      expect(await subjects(email)).toEqual(['Set a new password']);
    }
  });

  it('tell nobody whose address is known', async () => {
    const known = await Promise.all([1, 2, 3, 4, 5].map(async (number) => {
      await addMember(bench.perch.database, `Kim Known ${number}`, 'interviewer');
      return TeamBench.emailOf(`Kim Known ${number}`);
    }));
    const times = { known: [] as number[], unknown: [] as number[] };
    for (const [turn, email] of known.entries()) {
      for (const [kind, address] of [['known', email], ['unknown', `unknown-${turn}@example.com`]] as const) {
        const begun = performance.now();
        expect(await bench.auth('password-reset-request', { email: address })).toEqual({ status: 202, body: {} });
        times[kind].push(performance.now() - begun);
      }
    }
    // What a known address takes is hidden below the time after which everybody is answered.
    expect(Math.min(...times.known, ...times.unknown)).toBeGreaterThan(490);
    expect(Math.abs(Math.min(...times.known) - Math.min(...times.unknown))).toBeLessThan(250);
  });

  it('are not asked for at will', async () => {
    const byMail: number[] = [];
    for (let turn = 0; turn < 6; turn++) byMail.push((await bench.auth('password-reset-request', { email: 'flooded@example.com' })).status);
    expect(byMail).toEqual([202, 202, 202, 202, 202, 429]);
    const byCaller: number[] = [];
    await Promise.all(Array.from({ length: 22 }, async (_, turn) => byCaller.push((await bench.auth('password-reset-request', { email: `e${turn}@example.com` }, { ip: '203.0.113.20' })).status)));
    expect(byCaller.filter((status) => status === 429)).toHaveLength(2);
    const guesses = await Promise.all(Array.from({ length: 22 }, () => bench.auth('password-reset', { token: 'x', password: NEW_PASSWORD }, { ip: '203.0.113.21' })));
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('change with the current one', async () => {
    const here = await bench.member('Cora Change', 'recruiter');
    const email = TeamBench.emailOf('Cora Change');
    const there = await bench.signIn(email, MEMBER_PASSWORD);
    await bench.auth('password-reset-request', { email });
    expect(await bench.run(here, CHANGE, { currentPassword: 'wrong', newPassword: NEW_PASSWORD })).toBe('WRONG_PASSWORD');
    expect(await bench.run(here, CHANGE, { currentPassword: MEMBER_PASSWORD, newPassword: 'too short' })).toBe('INVALID_INPUT');
    expect((await there.get('/api/v1/companies')).status).toBe(200);
    expect(await bench.run(here, CHANGE, { currentPassword: MEMBER_PASSWORD, newPassword: NEW_PASSWORD })).toBe('done');
    expect([(await here.get('/api/v1/companies')).status, (await there.get('/api/v1/companies')).status]).toEqual([200, 401]);
    expect(await reset(await bench.lastLink(email, 'reset-password'))).toBe('NOT_FOUND');
    expect(await subjects(email)).toEqual(['Set a new password', 'Your password was changed']);
    await bench.signIn(email, NEW_PASSWORD);
  });

  it('are not guessed from an open browser', async () => {
    const client = await bench.member('Gus Guess', 'recruiter');
    const answers: string[] = [];
    for (let turn = 0; turn < 11; turn++) answers.push(await bench.run(client, CHANGE, { currentPassword: `guess ${turn}`, newPassword: NEW_PASSWORD }));
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 'WRONG_PASSWORD'), 'TOO_MANY_REQUESTS']);
  });

  it('are in no log and no table', async () => {
    const [{ count }] = await bench.perch.database.query<{ count: number }>(
      "SELECT (SELECT count(*) FROM audit_event a WHERE a::text ~ $1) + (SELECT count(*) FROM domain_event d WHERE d::text ~ $1) + (SELECT count(*) FROM background_job b WHERE b::text ~ $1) + (SELECT count(*) FROM mail_message m WHERE m::text ~ $1) AS count", [`${NEW_PASSWORD}|${MEMBER_PASSWORD}|reset_[0-9a-f]{32}`]) as [{ count: number }];
    expect(Number(count)).toBe(0);
    expect(bench.perch.output()).not.toMatch(/reset_[0-9a-f]{32}|quiet harbour/);
  });

  it('are only taken from pages of Perch', async () => {
    const post = (headers: Record<string, string>, body: string): Promise<Response> => fetch(`${bench.perch.address}/api/auth/sign-in`, { method: 'POST', headers, body });
    const form = new URLSearchParams({ email: 'demo@perch.example', password: 'x' }).toString();
    expect((await post({ 'content-type': 'application/x-www-form-urlencoded' }, form)).status).toBe(415);
    expect((await post({ 'content-type': 'text/plain' }, JSON.stringify({ email: 'demo@perch.example', password: 'x' }))).status).toBe(415);
    const asked = await fetch(`${bench.perch.address}/api/auth/sign-in`, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    expect((await new Client(bench.perch.address).post('/api/auth/password-reset', {})).status).toBe(400);
  });
});

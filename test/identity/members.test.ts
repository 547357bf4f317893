import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get } from 'node:http';
import { apiKey, McpBench } from '../mcp/mcp-bench.js';
import { demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { MEMBER_PASSWORD } from '../support/members.js';
import { DEMO } from '../support/perch.js';
import { CHANGE_ROLE, REMOVE, TeamBench } from './team-bench.js';

const LEAVE = 'mutation { leaveWorkspace }';

describe('members', () => {
  let bench: TeamBench;

  beforeAll(async () => {
    bench = await TeamBench.open('process');
  });
  afterAll(() => bench.perch.stop());

  it('are out at the next request once removed', async () => {
    const leaver = await bench.member('Lea Leaver', 'admin');
    const session = await bench.token('lea.leaver@perch.example', MEMBER_PASSWORD);
    const key = await apiKey(leaver, ['companies.read', 'people.read']);
    const [[run], mcp] = [await insertJobRows(bench.perch.database, await demoWorkspace(bench.perch.database), [{ state: 'running', finished: null }]), await McpBench.connect(bench.perch.address, key)];
    const program = new Client(bench.perch.address).useToken(key);
    const statuses = async (): Promise<number[]> => [
      (await new Client(bench.perch.address).useToken(session).get('/api/v1/companies')).status, (await program.get('/api/v1/companies')).status,
      await new Promise<number>((done, fail) => get(`${bench.perch.address}/api/events?run=${run!}`, { headers: { authorization: `Bearer ${session}` } }, (response) => {
        response.destroy();
        done(response.statusCode!);
      }).once('error', fail)),
    ];
    expect(await statuses()).toEqual([200, 200, 200]);
    expect(await mcp.tools()).toContain('find_people');
    const id = await bench.memberId('Lea Leaver');
    expect(await bench.run(bench.owner, REMOVE, { id })).toBe('done');
    expect(await statuses()).toEqual([401, 401, 401]);
    await expect(mcp.tools()).rejects.toThrow(/401|ended|Unauthorized/i);
    expect((await bench.auth('sign-in', { email: 'lea.leaver@perch.example', password: MEMBER_PASSWORD })).body['code']).toBe('SIGN_IN_FAILED');
    const { data } = await bench.owner.graphql<{ apiKeys: { revokedAt: string | null }[] }>('{ apiKeys { revokedAt } }');
    expect(data.apiKeys).toEqual([{ revokedAt: expect.any(String) }]);
    expect([await bench.noted(id), await bench.events(id)]).toEqual([['member.remove'], ['member.removed']]);
  });

  it('who were removed lose an open stream', async () => {
    await bench.member('Stella Stream', 'recruiter');
    const token = await bench.token('stella.stream@perch.example', MEMBER_PASSWORD);
    const [run] = await insertJobRows(bench.perch.database, await demoWorkspace(bench.perch.database), [{ state: 'running', finished: null }]);
    const heard: string[] = [];
    const closed = new Promise<void>((done, fail) => get(`${bench.perch.address}/api/events?run=${run!}`, { headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.setEncoding('utf8').on('data', (part: string) => heard.push(part)).on('end', () => done());
    }).once('error', fail));
    let number = 0;
    const tell = (): Promise<object[]> => bench.perch.database.query("INSERT INTO run_event (workspace_id, background_job_id, sequence, kind, data) SELECT workspace_id, id, $2, 'told', '{}' FROM background_job WHERE id = $1", [run, ++number]);
    await tell();
    await eventually('the stream tells', async () => heard.join('').includes('id: 1\n'));
    await bench.run(bench.owner, REMOVE, { id: await bench.memberId('Stella Stream') });
    const ended = await Promise.race([closed.then(() => true), eventually('nothing', async () => tell().then(() => false), 10_000).catch(() => false)]);
    expect(ended).toBe(true);
    expect(heard.join('')).toMatch(/event: reconnect\ndata: \{"reason":"access"\}/);
  });

  it('get roles up to that of the giver', async () => {
    const admin = await bench.member('Adam Admin', 'admin');
    await bench.member('Rolf Recruiter', 'recruiter');
    const [rolf, boss] = [await bench.memberId('Rolf Recruiter'), await bench.memberId('Demo Recruiter')];
    expect(await bench.run(admin, CHANGE_ROLE, { id: rolf, role: 'admin' })).toBe('done');
    expect(await bench.run(admin, CHANGE_ROLE, { id: rolf, role: 'owner' })).toBe('ROLE_ABOVE_OWN');
    expect([await bench.run(admin, CHANGE_ROLE, { id: boss, role: 'recruiter' }), await bench.run(admin, REMOVE, { id: boss })]).toEqual(['ROLE_ABOVE_OWN', 'ROLE_ABOVE_OWN']);
    expect(await bench.run(bench.owner, CHANGE_ROLE, { id: rolf, role: 'hiring_manager' })).toBe('done');
    expect([await bench.noted(rolf), await bench.events(rolf)]).toEqual([['member.change_role', 'member.change_role'], ['member.role_changed', 'member.role_changed']]);
    const rita = await bench.signIn('rolf.recruiter@perch.example', MEMBER_PASSWORD);
    expect(await bench.run(rita, CHANGE_ROLE, { id: rolf, role: 'owner' })).toBe('FORBIDDEN');
    expect(await bench.run(bench.owner, CHANGE_ROLE, { id: 'nobody', role: 'owner' })).toBe('NOT_FOUND');
  });

  it('are changed by people only', async () => {
    await expect(apiKey(bench.owner, ['members.manage'])).rejects.toThrow(/no scope/);
    const program = new Client(bench.perch.address).useToken(await apiKey(bench.owner, ['invitations.read', 'members.read']));
    const id = await bench.memberId('Rolf Recruiter');
    expect([await bench.run(program, CHANGE_ROLE, { id, role: 'owner' }), await bench.run(program, REMOVE, { id }), await bench.invite(program, 'x@example.com', 'owner'), await bench.run(program, LEAVE)])
      .toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'UNAUTHENTICATED']);
    expect((await program.graphql('{ members { role } invitations { id } }')).errors).toBeUndefined();
  });

  it('may leave, but the last owner', async () => {
    const rolf = await bench.signIn('rolf.recruiter@perch.example', MEMBER_PASSWORD);
    expect(await bench.run(rolf, LEAVE)).toBe('done');
    expect((await rolf.graphql('{ viewer { role } }') as unknown as { code: string }).code).toBe('UNAUTHENTICATED');
    const id = await bench.memberId('Demo Recruiter');
    expect([await bench.run(bench.owner, LEAVE), await bench.run(bench.owner, REMOVE, { id }), await bench.run(bench.owner, CHANGE_ROLE, { id, role: 'admin' })]).toEqual(['LAST_OWNER', 'LAST_OWNER', 'LAST_OWNER']);
    expect(await bench.run(bench.owner, CHANGE_ROLE, { id, role: 'owner' })).toBe('done');
  });

  it('who cannot sign in are no second owner', async () => {
    await bench.member('Dora Disabled', 'owner');
    await bench.perch.database.query("UPDATE user_account SET disabled_at = now() WHERE display_name = 'Dora Disabled'");
    expect(await bench.run(bench.owner, LEAVE)).toBe('LAST_OWNER');
    expect(await bench.run(bench.owner, REMOVE, { id: await bench.memberId('Dora Disabled') })).toBe('done');
  });

  it('keep an owner when all leave at once', async () => {
    const owners = [bench.owner, ...await Promise.all(['Otto One', 'Otto Two', 'Otto Three'].map((name) => bench.member(name, 'owner')))];
    const answers = await Promise.all(owners.map((owner) => bench.run(owner, LEAVE)));
    expect(answers.sort()).toEqual(['LAST_OWNER', 'done', 'done', 'done']);
    const left = await bench.perch.database.query<{ email: string; id: string }>("SELECT u.email, m.id FROM membership m JOIN user_account u ON u.id = m.user_id WHERE m.role = 'owner'");
    expect(left).toHaveLength(1);
  });

  it('keep an owner when two demote each other', async () => {
    const [last] = await bench.perch.database.query<{ email: string; id: string }>("SELECT u.email, m.id FROM membership m JOIN user_account u ON u.id = m.user_id WHERE m.role = 'owner'");
    const one = await bench.signIn(last!.email, last!.email === DEMO.email ? DEMO.password : MEMBER_PASSWORD);
    for (let turn = 0; turn < 4; turn++) {
      const other = await bench.member(`Pair ${turn}`, 'owner');
      const id = await bench.memberId(`Pair ${turn}`);
      const answers = await Promise.all([bench.run(one, CHANGE_ROLE, { id, role: 'recruiter' }), bench.run(other, CHANGE_ROLE, { id: last!.id, role: 'recruiter' })]);
      expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
      expect(await bench.perch.database.query("SELECT 1 FROM membership WHERE role = 'owner'")).toHaveLength(1);
      await bench.perch.database.query("UPDATE membership SET role = CASE WHEN id = $1 THEN 'owner' ELSE 'recruiter' END WHERE id IN ($1, $2)", [last!.id, id]);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { MailServer } from '../support/mail-server.js';
import { MEMBER_PASSWORD } from '../support/members.js';
import type { Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';
import { CHANGE_ROLE, NEW_PASSWORD, REMOVE, TeamBench } from './team-bench.js';

const RESEND = 'mutation ($id: ID!) { resendInvitation(id: $id) { state } }';
const REVOKE = 'mutation ($id: ID!) { revokeInvitation(id: $id) { state } }';

describe.each<Shape>(SHAPES)('an invitation, in the shape %s', (shape) => {
  let bench: TeamBench;

  beforeAll(async () => {
    bench = await TeamBench.open(shape);
  });
  afterAll(() => bench.perch.stop());

  it('makes a member of somebody new', async () => {
    const id = await bench.invite(bench.owner, ' Nova@Example.com ', 'recruiter');
    const token = await bench.lastLink('nova@example.com', 'invitation');
    const { body } = await bench.auth('invitation', { token });
    expect(body).toMatchObject({ email: 'nova@example.com', role: 'recruiter', workspace: 'Perch Demo', inviter: 'Demo Recruiter', hasAccount: false, signedInAs: null });
    expect(await bench.accept(token)).toBe('200');
    const { data } = await (await bench.signIn('nova@example.com', NEW_PASSWORD)).graphql('{ viewer { role user { displayName } } }');
    expect(data).toEqual({ viewer: { role: 'recruiter', user: { displayName: 'Nova New' } } });
    expect(await bench.accept(token)).toBe('INVITATION_USED');
    expect(await bench.noted(id)).toEqual(['invitation.create', 'invitation.accept']);
    expect(await bench.events(id)).toEqual(['invitation.created', 'invitation.accepted']);
    expect(await bench.invite(bench.owner, 'nova@example.com', 'admin')).toBe('ALREADY_MEMBER');
  });
});

describe('invitations', () => {
  let bench: TeamBench;
  let admin: Client;
  let invited = 0;

  beforeAll(async () => {
    bench = await TeamBench.open('process');
    admin = await bench.member('Ada Admin', 'admin');
  });
  afterAll(() => bench.perch.stop());

  /** Somebody new is invited; the secret of their link. */
  async function invite(by = bench.owner, role: 'owner' | 'admin' | 'recruiter' = 'recruiter'): Promise<{ id: string; email: string; token: string }> {
    const email = `invited-${++invited}@example.com`;
    const id = await bench.invite(by, email, role);
    return { id, email, token: await bench.lastLink(email, 'invitation') };
  }
  const setBack = (id: string, days: number): Promise<object[]> => bench.perch.database.query("UPDATE invitation SET expires_at = expires_at - make_interval(days => $2) WHERE id = $1", [id, days]);

  it('leave by mail, and by hand without it', async () => {
    const query = 'mutation { inviteMember(email: "by.hand@example.com", role: recruiter) { link } }';
    const { data } = await bench.owner.graphql<{ inviteMember: { link: string } }>(query);
    expect(data.inviteMember.link).toBe(`${bench.perch.address}/invitation#${await bench.lastLink('by.hand@example.com', 'invitation')}`);
    const server = new MailServer();
    const smtp = await server.start();
    const sending = await TeamBench.open('process', { SMTP_URL: smtp, MAIL_FROM: 'Perch <team@perch.example>' });
    expect((await sending.owner.graphql<{ inviteMember: { link: null } }>(query)).data.inviteMember.link).toBeNull();
    const mail = await eventually('the mail has arrived', async () => server.received[0] ?? null);
    expect([mail.subject, mail.to?.[0]?.address, /invitation#(\S+)/.exec(mail.text!)![1]]).toEqual(['Demo Recruiter invites you to Perch Demo', 'by.hand@example.com', await sending.lastLink('by.hand@example.com', 'invitation')]);
    await sending.perch.stop();
    await server.stop();
  });

  it('leave nothing but a hash of the link', async () => {
    const { id, token } = await invite();
    const [row] = await bench.perch.database.query<{ hash: Buffer; text: string }>('SELECT token_hash AS hash, i::text AS text FROM invitation i WHERE id = $1', [id]);
    expect(row!.hash).toEqual(createHash('sha256').update(token).digest());
    expect(row!.text).not.toContain(token.split('_')[2]);
    expect(await bench.perch.database.query('SELECT 1 FROM mail_message m WHERE position($1 in m::text) > 0', [token.split('_')[2]])).toEqual([]);
  });

  it('work once, also at once', async () => {
    const { token, email } = await invite();
    const answers = await Promise.all([1, 2, 3].map(() => bench.accept(token)));
    expect(answers.sort()).toEqual(['200', 'INVITATION_USED', 'INVITATION_USED']);
    expect(await bench.roleOf(email)).toBe('recruiter');
  });

  it('end after seven days', async () => {
    const { id, token } = await invite();
    await setBack(id, 6);
    expect((await bench.auth('invitation', { token })).status).toBe(200);
    await setBack(id, 1);
    expect([await bench.accept(token), (await bench.auth('invitation', { token })).body['code']]).toEqual(['INVITATION_EXPIRED', 'INVITATION_EXPIRED']);
  });

  it('can be sent again', async () => {
    const { id, email, token } = await invite();
    expect(await bench.invite(bench.owner, email, 'admin')).toBe('INVITATION_OPEN');
    await setBack(id, 7);
    expect(await bench.run(bench.owner, RESEND, { id })).toBe('done');
    expect(await bench.accept(token)).toBe('NOT_FOUND');
    expect(await bench.accept(await bench.lastLink(email, 'invitation'))).toBe('200');
    expect(await bench.run(bench.owner, RESEND, { id })).toBe('INVITATION_USED');
  });

  it('make room once they have run out', async () => {
    const { id, email } = await invite();
    await setBack(id, 8);
    const again = await bench.invite(bench.owner, email, 'admin');
    expect(again).not.toBe(id);
    const { data } = await bench.owner.graphql<{ invitations: { id: string; state: string }[] }>('{ invitations { id state inviter { displayName } } }');
    expect(data.invitations.filter((one) => one.id === id || one.id === again).map(({ state }) => state)).toEqual(['pending', 'revoked']);
  });

  it('can be taken back', async () => {
    const { id, token } = await invite();
    expect(await bench.run(bench.owner, REVOKE, { id })).toBe('done');
    expect(await bench.accept(token)).toBe('INVITATION_REVOKED');
    expect(await bench.run(bench.owner, RESEND, { id })).toBe('INVITATION_REVOKED');
    expect(await bench.noted(id)).toEqual(['invitation.create', 'invitation.revoke']);
  });

  it('are for one e-mail address', async () => {
    const { token, email } = await invite();
    await bench.member('Olga Other', 'recruiter');
    const other = await bench.token('olga.other@perch.example', MEMBER_PASSWORD);
    expect(await bench.accept(token, {}, other)).toBe('INVITATION_FOR_OTHER');
    expect(await bench.accept(token, { displayName: 'Olga', password: NEW_PASSWORD }, other)).toBe('INVITATION_FOR_OTHER');
    expect(await bench.roleOf(email)).toBeUndefined();
  });

  it('of an account need its sign-in or password', async () => {
    const [workspace, user] = [randomUUID(), randomUUID()];
    await bench.perch.database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'elsewhere', 'Elsewhere')", [workspace]);
    for (const email of ['one@example.com', 'two@example.com']) {
      const id = email === 'one@example.com' ? user : randomUUID();
      await bench.perch.database.query('INSERT INTO user_account (id, email, display_name, password_hash) SELECT $1, $2, $2, password_hash FROM user_account WHERE email = $3', [id, email, 'ada.admin@perch.example']);
      await bench.perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) VALUES (gen_random_uuid(), $1, $2, 'owner')", [workspace, id]);
      await bench.invite(bench.owner, email, 'recruiter');
    }
    const [one, two] = [await bench.lastLink('one@example.com', 'invitation'), await bench.lastLink('two@example.com', 'invitation')];
    expect(await bench.accept(one, { displayName: 'Thief', password: NEW_PASSWORD })).toBe('SIGN_IN_FIRST');
    expect(await bench.accept(one, {}, await bench.token('one@example.com', MEMBER_PASSWORD))).toBe('200');
    expect(await bench.accept(two, { password: MEMBER_PASSWORD })).toBe('200');
    const { data } = await bench.owner.graphql<{ members: { user: { email: string } }[] }>('{ members { user { email } } }');
    expect(data.members.map(({ user: { email } }) => email)).toEqual(expect.arrayContaining(['one@example.com', 'two@example.com']));
    const { status } = await bench.auth('sign-in', { email: 'one@example.com', password: MEMBER_PASSWORD, workspace: 'demo' });
    expect(status).toBe(200);
  });

  it('never give more than the inviter has', async () => {
    expect(await bench.invite(admin, 'boss@example.com', 'owner')).toBe('ROLE_ABOVE_OWN');
    const recruiter = await bench.member('Rita Recruiter', 'recruiter');
    expect(await bench.invite(recruiter, 'friend@example.com', 'interviewer')).toBe('FORBIDDEN');
    const { id } = await invite(bench.owner, 'owner');
    expect([await bench.run(admin, RESEND, { id }), await bench.run(admin, REVOKE, { id })]).toEqual(['ROLE_ABOVE_OWN', 'ROLE_ABOVE_OWN']);
  });

  it('fall with the role of the inviter', async () => {
    const demoted = await bench.member('Dan Demoted', 'admin');
    const [first, second] = [await invite(demoted, 'admin'), await invite(demoted, 'admin')];
    expect(await bench.run(bench.owner, CHANGE_ROLE, { id: await bench.memberId('Dan Demoted'), role: 'recruiter' })).toBe('done');
    expect(await bench.accept(first.token)).toBe('INVITER_LOST_RIGHT');
    expect(await bench.run(bench.owner, RESEND, { id: first.id })).toBe('done');
    expect(await bench.accept(await bench.lastLink(first.email, 'invitation'))).toBe('200');
    expect(await bench.run(bench.owner, REMOVE, { id: await bench.memberId('Dan Demoted') })).toBe('done');
    expect(await bench.accept(second.token)).toBe('INVITATION_REVOKED');
  });

  it('refuse weak passwords and nonsense', async () => {
    const { token } = await invite();
    expect(await bench.accept(token, { displayName: 'N', password: 'password1234' })).toBe('INVALID_INPUT');
    expect(await bench.accept(token, { displayName: ' ', password: NEW_PASSWORD })).toBe('INVALID_INPUT');
    expect(await bench.accept(token, {})).toBe('INVALID_INPUT');
    for (const wrong of ['', 'x', `${token}x`, token.replace('invitation', 'session'), `${token.slice(0, -2)}zz`]) expect(await bench.accept(wrong)).toBe('NOT_FOUND');
    for (const email of ['', 'nobody', 'a@b', `${'a'.repeat(250)}@example.com`, 'a\nb@example.com']) expect(await bench.invite(bench.owner, email, 'recruiter')).toBe('INVALID_INPUT');
    expect(await bench.accept(token)).toBe('200');
  });

  it('stay in their workspace', async () => {
    const { id } = await invite();
    const stranger = new Client(bench.perch.address).useToken(
      (await bench.auth('sign-in', { email: 'one@example.com', password: MEMBER_PASSWORD, workspace: 'elsewhere', as: 'token' })).body['token'] as string);
    expect((await stranger.graphql('{ invitations { id } members { user { email } } }')).data).toEqual({ invitations: [], members: [{ user: { email: 'one@example.com' } }, { user: { email: 'two@example.com' } }] });
    expect([await bench.run(stranger, RESEND, { id }), await bench.run(stranger, REVOKE, { id })]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(await bench.run(stranger, REMOVE, { id: await bench.memberId('Ada Admin') })).toBe('NOT_FOUND');
    expect(await bench.roleOf('ada.admin@perch.example')).toBe('admin');
  });

  it('are not guessed at will', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 22; turn++) statuses.push((await bench.auth('invitation-acceptance', { token: 'x' }, { ip: '203.0.113.9' })).status);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 404));
    expect(statuses.slice(20)).toEqual([429, 429]);
  });
});

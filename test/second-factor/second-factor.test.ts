import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch } from '../support/perch.js';
import { PhoneOwner } from './authenticator-app.js';

const VIEWER = '{ viewer { role } }';

describe('a second factor', () => {
  let perch: Perch;

  beforeAll(async () => {
    perch = await startPerch('process');
  });
  afterAll(() => perch.stop());

  async function member(name: string): Promise<PhoneOwner> {
    await addMember(perch.database, name, 'recruiter');
    return new PhoneOwner(perch, `${name.toLowerCase()}@perch.example`);
  }
  const enrolled = async (name: string): Promise<PhoneOwner> => (await member(name)).enrol();
  const mails = async (owner: PhoneOwner): Promise<string[]> =>
    (await perch.database.query<{ kind: string }>('SELECT kind FROM mail_message WHERE to_address = $1 ORDER BY id', [owner.email])).map(({ kind }) => kind);

  it('counts once a code has confirmed it', async () => {
    const ada = await member('Ada');
    await ada.password();
    const { body } = await ada.begin();
    expect(body['address']).toMatch(/^otpauth:\/\/totp\/Perch:ada%40perch\.example\?secret=[A-Z2-7]{32}&issuer=Perch/);
    expect((await ada.post('second-factor/confirm', { code: await ada.wrongCode() })).body['code']).toBe('WRONG_CODE');
    expect((await ada.password()).body).toMatchObject({ token: expect.any(String) });
    await ada.enrol();
    expect(new Set(ada.recoveryCodes).size).toBe(10);
    const answer = await ada.password();
    expect([answer.body['token'], answer.body['secondFactor'], answer.headers['set-cookie']]).toEqual([undefined, true, undefined]);
    expect((await ada.begin()).body['code']).toBe('SECOND_FACTOR_ON');
    expect(await mails(ada)).toEqual(['second_factor_on']);
  });

  it('is set up after a fresh sign-in only', async () => {
    const sofie = await member('Sofie');
    await sofie.password();
    await perch.database.query("UPDATE session SET created_at = now() - interval '16 minutes' WHERE user_id = (SELECT id FROM user_account WHERE email = $1)", [sofie.email]);
    expect(await sofie.begin()).toMatchObject({ status: 403, body: { code: 'SIGN_IN_AGAIN' } });
    await sofie.enrol();
  });

  it('stands between password and session', async () => {
    const grace = await enrolled('Grace');
    await grace.wait();
    grace.token = null;
    const ticket = await grace.ticket();
    expect((await grace.asClient().useToken(ticket).graphql(VIEWER)).data).toBeUndefined();
    expect((await grace.secondStep(ticket, await grace.wrongCode())).body['code']).toBe('WRONG_CODE');
    expect((await grace.secondStep(ticket, await grace.code())).status).toBe(200);
    expect((await grace.asClient().graphql(VIEWER)).data).toEqual({ viewer: { role: 'recruiter' } });
    await grace.wait();
    expect((await grace.secondStep(ticket, await grace.code())).body['code']).toBe('SIGN_IN_TICKET_ENDED');
  });

  it('gives a browser its cookie', async () => {
    const ines = await enrolled('Ines');
    await ines.wait();
    const { headers, body } = await ines.post('second-factor', { ticket: await ines.ticket(), code: await ines.code() });
    expect([String(headers['set-cookie']).split('=')[0], body['token']]).toEqual(['__Host-perch_session', undefined]);
  });

  it('waits for five minutes', async () => {
    const linus = await enrolled('Linus');
    await linus.wait();
    const ticket = await linus.ticket();
    await perch.database.query("UPDATE sign_in_ticket SET expires_at = expires_at - interval '5 minutes'");
    expect((await linus.secondStep(ticket, await linus.code())).body['code']).toBe('SIGN_IN_TICKET_ENDED');
    expect((await linus.secondStep(await linus.ticket(), await linus.code())).status).toBe(200);
  });

  it('begins again with a new password', async () => {
    const vera = await enrolled('Vera');
    await vera.wait();
    const ticket = await vera.ticket();
    const change = await vera.asClient().graphql('mutation ($old: String!, $new: String!) { changePassword(currentPassword: $old, newPassword: $new) }', { old: MEMBER_PASSWORD, new: 'another-password-of-the-tests' });
    expect(change.errors).toBeUndefined();
    expect((await vera.secondStep(ticket, await vera.code())).body['code']).toBe('SIGN_IN_TICKET_ENDED');
  });

  it('takes each code once', async () => {
    const rosa = await enrolled('Rosa');
    const code = await rosa.code();
    expect((await rosa.secondStep(await rosa.ticket(), code)).body['code']).toBe('WRONG_CODE');
    await rosa.wait();
    const tickets = [await rosa.ticket(), await rosa.ticket(), await rosa.ticket()];
    const answers = await Promise.all(tickets.map((ticket) => rosa.secondStep(ticket, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  it('takes each recovery code once', async () => {
    const hedy = await enrolled('Hedy');
    const typed = ` ${hedy.recoveryCodes[0]!.toUpperCase().replaceAll('-', ' ').replace('0', 'O')} `;
    const tickets = [await hedy.ticket(), await hedy.ticket()];
    const answers = await Promise.all(tickets.map((ticket) => hedy.secondStep(ticket, typed)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await hedy.secondStep(await hedy.ticket(), hedy.recoveryCodes[0]!)).status).toBe(401);
    expect(await mails(hedy)).toEqual(['second_factor_on', 'recovery_code_used']);
    expect((await perch.database.query<{ left: number }>('SELECT count(*)::int AS left FROM recovery_code c JOIN user_account u ON u.id = c.user_id WHERE u.email = $1', [hedy.email]))[0]!.left).toBe(9);
  });

  it('cannot be read from the database', async () => {
    const alan = await enrolled('Alan');
    const rows = await perch.database.query<{ row: string }>('SELECT f::text AS row FROM second_factor f UNION ALL SELECT c::text FROM recovery_code c UNION ALL SELECT e::text FROM audit_event e UNION ALL SELECT m::text FROM mail_message m');
    expect(rows.length).toBeGreaterThan(10);
    for (const text of [alan.secret, ...alan.recoveryCodes, ...alan.recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
      expect(rows.filter(({ row }) => row.includes(text) || row.includes(Buffer.from(text).toString('hex')))).toEqual([]);
    }
    expect(rows.filter(({ row }) => row.includes('v1.')).length).toBeGreaterThan(0);
  });

  it('slows guesses down by account', async () => {
    const emmy = await enrolled('Emmy');
    await emmy.wait();
    const [ticket, wrong] = [await emmy.ticket(), await emmy.wrongCode()];
    const statuses: number[] = [];
    for (let guess = 0; guess < 10; guess++) statuses.push((await emmy.secondStep(ticket, wrong)).status);
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 401), 429]);
    const right = await emmy.secondStep(ticket, await emmy.code());
    expect([right.status, right.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  });

  it('is changed by a code only', async () => {
    const mary = await enrolled('Mary');
    await mary.wait();
    expect((await mary.post('second-factor/turn-off', { code: await mary.wrongCode() })).status).toBe(401);
    expect((await mary.post('second-factor/recovery-codes', { code: 'aaaa-bbbb-cccc-dddd' })).status).toBe(401);
    const renewed = (await mary.post('second-factor/recovery-codes', { code: await mary.code() })).body['recoveryCodes'] as string[];
    expect((await mary.post('second-factor/turn-off', { code: mary.recoveryCodes[0]! })).status).toBe(401);
    expect((await mary.post('second-factor/turn-off', { code: renewed[0]! })).status).toBe(200);
    expect((await mary.password()).body).toMatchObject({ token: expect.any(String) });
    expect(await mails(mary)).toEqual(['second_factor_on', 'recovery_codes_renewed', 'second_factor_off']);
    expect(await perch.database.query('SELECT 1 FROM second_factor f JOIN user_account u ON u.id = f.user_id WHERE u.email = $1', [mary.email])).toEqual([]);
  });

  it('is nothing for strangers and forms', async () => {
    const nobody = new PhoneOwner(perch, 'nobody@example.com');
    expect((await nobody.begin()).status).toBe(401);
    expect((await nobody.secondStep('ticket_x', '123456')).body['code']).toBe('SIGN_IN_TICKET_ENDED');
    const form = await fetch(`${perch.address}/api/auth/second-factor`, { method: 'POST', body: new URLSearchParams({ ticket: 'x', code: '123456' }) });
    expect(form.status).toBe(415);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, CDPSession, Page } from 'playwright-core';
import request from 'supertest';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch } from '../support/perch.js';

const DEVICE = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const;
const EMAIL = 'pia@perch.example';

interface Answer {
  readonly attempt: string;
  readonly response: object;
}

describe('a passkey', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let device: CDPSession;
  let authenticatorId: string;

  beforeAll(async () => {
    const port = await freePort();
    perch = await startPerch('process', async () => ({ PORT: String(port), PERCH_PUBLIC_URL: `http://localhost:${port}` }));
    await addMember(perch.database, 'Pia', 'recruiter');
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, `http://localhost:${port}`));
    device = await page.context().newCDPSession(page);
    await device.send('WebAuthn.enable');
    ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE }));
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  const send = (path: string, body: object): request.Test => request(perch.address).post(`/api/auth/passkey/${path}`).send(body);
  const signOut = (): Promise<void> => page.getByRole('button', { name: 'Sign out' }).click();

  /** Signs in by passkey and returns what the browser has sent. */
  async function signIn(): Promise<Answer> {
    await page.goto('/sign-in?next=/settings/security');
    const sent = page.waitForRequest('**/api/auth/passkey/sign-in');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    return (await sent).postDataJSON() as Answer;
  }

  it('is added in the settings', async () => {
    await page.goto('/sign-in?next=/settings/security');
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password').fill(MEMBER_PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel(/^Name/).fill('Pia’s phone');
    expect(await accessibilityFaults(page)).toEqual([]);
    const sent = page.waitForRequest('**/api/auth/passkey/registration');
    await page.getByRole('button', { name: 'Make the passkey' }).click();
    await page.getByRole('rowheader', { name: 'Pia’s phone' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const again = await send('registration', (await sent).postDataJSON() as object).set('cookie', cookie);
    expect(again.body.code).toBe('PASSKEY_EXPIRED');
    expect((await perch.database.query<{ kind: string }>('SELECT kind FROM mail_message WHERE to_address = $1', [EMAIL])).map(({ kind }) => kind)).toEqual(['passkey_add']);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel(/^Name/).fill('The same');
    await page.getByRole('button', { name: 'Make the passkey' }).click();
    await page.getByText('This device has a passkey for your account already.').waitFor();
  });

  it('is added after a fresh sign-in only', async () => {
    const age = (minutes: number): Promise<object[]> => perch.database.query('UPDATE session SET created_at = created_at - make_interval(mins => $1)', [minutes]);
    await age(16);
    await page.reload();
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel(/^Name/).fill('A stranger’s phone');
    await page.getByRole('button', { name: 'Make the passkey' }).click();
    await page.getByText('Sign in again first').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in again' }).getAttribute('href')).toBe('/sign-in?next=%2Fsettings%2Fsecurity');
    expect(await accessibilityFaults(page)).toEqual([]);
    await age(-16);
  });

  it('signs in without a password or code', async () => {
    await signOut();
    await perch.database.query('UPDATE user_account SET second_factor_since = now() WHERE email = $1', [EMAIL]);
    await signIn();
    await page.getByRole('rowheader', { name: 'Pia’s phone' }).waitFor();
    expect(await page.getByRole('row', { name: /Pia’s phone/ }).innerText()).not.toContain('never');
    expect((await perch.database.query('SELECT 1 FROM passkey WHERE last_used_at IS NOT NULL')).length).toBe(1);
    await perch.database.query('UPDATE user_account SET second_factor_since = NULL WHERE email = $1', [EMAIL]);
  });

  it('answers a challenge once', async () => {
    await signOut();
    const answer = await signIn();
    await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
    expect((await send('sign-in', answer)).body.code).toBe('PASSKEY_EXPIRED');
    // Otherwise the counter would refuse the old answer before its challenge does.
    await perch.database.query('UPDATE passkey SET counter = 0');
    const { attempt } = (await send('sign-in-options', {})).body as Answer;
    expect((await send('sign-in', { ...answer, attempt })).body.code).toBe('PASSKEY_REFUSED');
    expect((await send('sign-in', { ...answer, attempt: 'v1.0000000000000000.AAAA' })).body.code).toBe('PASSKEY_EXPIRED');
  });

  it('is refused when nobody was verified', async () => {
    await signOut();
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.route('**/api/auth/passkey/sign-in-options', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { options: object };
      await route.fulfill({ response: answer, json: { ...body, options: { ...body.options, userVerification: 'discouraged' } } });
    });
    await signIn();
    await page.getByText('This passkey was not accepted.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.unroute('**/api/auth/passkey/sign-in-options');
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  });

  it('is refused as a copy', async () => {
    await perch.database.query('UPDATE passkey SET counter = counter + 1000');
    await signIn();
    await page.getByText('This passkey was not accepted.').waitFor();
    await perch.database.query('UPDATE passkey SET counter = 0');
  });

  it('is refused with its account', async () => {
    await perch.database.query('UPDATE user_account SET disabled_at = now() WHERE email = $1', [EMAIL]);
    await signIn();
    await page.getByText('This passkey was not accepted.').waitFor();
    await perch.database.query('UPDATE user_account SET disabled_at = NULL WHERE email = $1', [EMAIL]);
  });

  it('is renamed and removed', async () => {
    await signIn();
    await page.getByRole('button', { name: 'Rename Pia’s phone' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Old phone');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('button', { name: 'Remove Old phone' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('rowheader', { name: 'Old phone' }).waitFor({ state: 'detached' });
    await signOut();
    await signIn();
    await page.getByText('This passkey was not accepted.').waitFor();
  });

  it('never runs into the content security policy', () => {
    expect(faults).toEqual([]);
  });
});

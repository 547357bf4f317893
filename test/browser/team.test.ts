import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { mailsWhere } from '../support/mail-texts.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

const EMAIL = 'nova@example.com';
const PASSWORD = 'quiet harbour tin lantern';

describe('the team in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let owner: Page;
  let guest: Page;
  const faults: string[][] = [];

  beforeAll(async () => {
    perch = await startPerch('process');
    await addMember(perch.database, 'Ivo Interviewer', 'interviewer');
    browser = await openBrowser();
    const opened = [await openPage(browser, perch.address), await openPage(browser, perch.address)];
    [owner, guest] = opened.map(({ page }) => page) as [Page, Page];
    faults.push(...opened.map((one) => one.faults));
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  async function signIn(page: Page, email: string, password: string): Promise<void> {
    await page.getByRole('heading', { name: 'Sign in to Perch' }).waitFor();
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  /** The address of the link in the newest mail to somebody. */
  async function mailed(email: string, page: string): Promise<string> {
    const mails = await mailsWhere(perch.database, 'to_address = $1', [email]);
    return mails.flatMap(({ text }) => new RegExp(`/${page}#\\S+`).exec(text)?.[0] ?? []).at(-1)!;
  }
  const row = (page: Page, name: string): Locator => page.getByRole('row').filter({ hasText: name });

  it('is reached from the shell', async () => {
    await owner.goto('/jobs');
    await signIn(owner, DEMO.email, DEMO.password);
    await owner.getByRole('link', { name: 'Settings' }).click();
    await owner.getByRole('heading', { name: 'Team', level: 1 }).waitFor();
    await row(owner, 'Demo Recruiter').getByText('You').waitFor();
    await owner.getByText('What the roles may do').click();
    await owner.getByText('Opens jobs, works with candidates').waitFor();
    expect(await accessibilityFaults(owner)).toEqual([]);
  });

  it('invites by mail', async () => {
    const form = owner.getByRole('form', { name: 'Invite somebody' });
    await form.getByLabel('E-mail').fill(DEMO.email);
    await form.getByRole('button', { name: 'Invite' }).press('Enter');
    await form.getByText('is a member of the workspace already').waitFor();
    await form.getByLabel('E-mail').fill(EMAIL);
    await form.getByLabel('Role').selectOption('Admin');
    await form.getByRole('button', { name: 'Invite' }).press('Enter');
    await row(owner, EMAIL).getByText('Waiting').waitFor();
    await row(owner, EMAIL).getByText('ends in 7 days').waitFor();
    expect(new URL(await owner.locator('.secret').innerText()).hash).toBe(new URL(await mailed(EMAIL, 'invitation'), perch.address).hash);
    expect(await accessibilityFaults(owner)).toEqual([]);
  });

  it('takes in somebody new', async () => {
    await guest.goto(await mailed(EMAIL, 'invitation'));
    await guest.getByRole('heading', { name: 'Join Perch Demo' }).waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByLabel('Your name').fill('Nova New');
    await guest.getByLabel('Choose a password').fill('password1234');
    await guest.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.getByText('one of those that are tried first').waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByLabel('Choose a password').fill(PASSWORD);
    await guest.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await guest.getByText('Nova New').waitFor();
    await guest.goto(await mailed(EMAIL, 'invitation'));
    await guest.getByText('It works once.').waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
  });

  it('lets them sign in', async () => {
    await guest.goto('/settings/team');
    await guest.getByRole('button', { name: 'Sign out' }).click();
    await signIn(guest, EMAIL, PASSWORD);
    await guest.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
  });

  it('shows where one is signed in', async () => {
    await guest.goto('/settings/security');
    await row(guest, 'This one').getByText('Chrome on Linux').waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    const elsewhere = await openPage(browser, perch.address);
    await elsewhere.page.goto('/jobs');
    await signIn(elsewhere.page, EMAIL, PASSWORD);
    await elsewhere.page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await guest.reload();
    await guest.getByRole('button', { name: 'End all others' }).click();
    await guest.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
    await elsewhere.page.goto('/jobs');
    await elsewhere.page.getByRole('heading', { name: 'Sign in to Perch' }).waitFor();
    await elsewhere.page.close();
  });

  it('changes a password', async () => {
    await guest.getByLabel('Current password').fill('wrong');
    await guest.getByLabel('New password').fill('another quiet harbour');
    await guest.getByRole('button', { name: 'Change password' }).click();
    await guest.getByText('The current password is wrong.').waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByLabel('Current password').fill(PASSWORD);
    await guest.getByRole('button', { name: 'Change password' }).click();
    await guest.getByText('Your password is changed.').waitFor();
    expect(await guest.getByLabel('Current password').inputValue()).toBe('');
  });

  it('changes a role', async () => {
    await owner.goto('/settings/team');
    await row(owner, 'Nova New').getByLabel('Role of Nova New').selectOption('Recruiter');
    await owner.getByText('Nova New is now recruiter.').waitFor();
    await guest.goto('/settings/team');
    await row(guest, 'Nova New').getByText('Recruiter', { exact: true }).waitFor();
    expect(await guest.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
    expect(await guest.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    expect(await accessibilityFaults(guest)).toEqual([]);
  });

  it('makes an API key once visible', async () => {
    await owner.getByRole('link', { name: 'API keys' }).click();
    await owner.getByRole('heading', { name: 'No keys yet' }).waitFor();
    expect(await accessibilityFaults(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'New key' }).click();
    await owner.getByLabel('Name').fill('Importer');
    await owner.getByRole('button', { name: 'Make the key' }).click();
    await owner.getByText('Choose what the key may do.').waitFor();
    await owner.getByRole('group', { name: 'Companies' }).getByLabel('Read').check();
    expect(await accessibilityFaults(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'Make the key' }).click();
    const secret = await owner.locator('.secret').innerText();
    const call = (): Promise<number> => fetch(`${perch.address}/api/v1/companies`, { headers: { authorization: `Bearer ${secret}` } }).then(({ status }) => status);
    expect(await call()).toBe(200);
    expect(await accessibilityFaults(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'I have it' }).click();
    await owner.getByRole('button', { name: 'Revoke Importer' }).click();
    await owner.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row(owner, 'Importer').getByText('Revoked').waitFor();
    expect(await call()).toBe(401);
  });

  it('removes after asking', async () => {
    await owner.getByRole('link', { name: 'Team' }).click();
    await owner.getByRole('button', { name: 'Remove Nova New' }).click();
    await owner.getByRole('dialog').getByText('is signed out at once').waitFor();
    expect(await accessibilityFaults(owner)).toEqual([]);
    await owner.keyboard.press('Escape');
    await owner.getByRole('dialog').waitFor({ state: 'detached' });
    await owner.getByRole('button', { name: 'Remove Nova New' }).click();
    await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await owner.getByText('Nova New is no longer in the team.').waitFor();
    await guest.goto('/jobs');
    await guest.getByRole('heading', { name: 'Sign in to Perch' }).waitFor();
    await owner.getByRole('button', { name: 'Leave…' }).click();
    await owner.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await owner.getByText('A workspace needs an owner.').waitFor();
  });

  it('takes back somebody who was removed', async () => {
    await owner.goto('/settings/team');
    const form = owner.getByRole('form', { name: 'Invite somebody' });
    await form.getByLabel('E-mail').fill(EMAIL);
    await form.getByRole('button', { name: 'Invite' }).click();
    await row(owner, EMAIL).getByText('Waiting').waitFor();
    await guest.goto(await mailed(EMAIL, 'invitation'));
    await guest.getByText('You have an account').waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByLabel('Password').fill('another quiet harbour');
    await guest.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
  });

  it('helps who forgot their password', async () => {
    await guest.getByRole('button', { name: 'Sign out' }).click();
    await guest.getByRole('link', { name: 'Forgot your password?' }).click();
    await guest.getByRole('heading', { name: 'Set a new password' }).waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByLabel('E-mail').fill(EMAIL);
    await guest.getByRole('button', { name: 'Send me a link' }).click();
    await guest.getByText('a mail with a link is on its way').waitFor();
    expect(await accessibilityFaults(guest)).toEqual([]);
    const link = await mailed(EMAIL, 'reset-password');
    await guest.goto('about:blank');
    await guest.goto(link);
    await guest.getByLabel('New password').fill('seven lamps by the river');
    expect(await accessibilityFaults(guest)).toEqual([]);
    await guest.getByRole('button', { name: 'Set the password' }).click();
    await guest.getByRole('link', { name: 'Sign in', exact: true }).click();
    await signIn(guest, EMAIL, 'seven lamps by the river');
    await guest.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    await guest.goto('about:blank');
    await guest.goto(link);
    await guest.getByLabel('New password').fill('eight lamps by the river');
    await guest.getByRole('button', { name: 'Set the password' }).click();
    await guest.getByText('This link has been used.').waitFor();
    await guest.getByRole('button', { name: 'Ask for a new link' }).click();
    await guest.getByLabel('E-mail').waitFor();
  });

  it('never sends anybody to another site', async () => {
    for (const next of ['//evil.example', '/\\evil.example', '/\t/evil.example', '/..//evil.example', '/.//evil.example', 'https://evil.example', 'javascript:alert(1)', '\\\\evil.example', '/%09/evil.example', ' //evil.example']) {
      const { page, faults: found } = await openPage(browser, perch.address);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).host));
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
      await signIn(page, 'ivo.interviewer@perch.example', MEMBER_PASSWORD);
      await page.getByRole('button', { name: 'Sign out' }).or(page.getByText('There is no such page')).first().waitFor();
      expect([next, new URL(page.url()).host]).toEqual([next, new URL(perch.address).host]);
      expect(new Set(asked)).toEqual(new Set([new URL(perch.address).host]));
      expect(found).toEqual([]);
      await page.context().close();
    }
  });

  it('never runs into the content security policy', () => {
    expect(faults.flat()).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { addMember } from '../support/members.js';
import { PhoneOwner } from '../second-factor/authenticator-app.js';
import { Company } from '../single-sign-on/company.js';

describe('further ways to sign in', () => {
  let company: Company;
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    company = await new Company().start();
    perch = await startPerch('process', async () => company.environment());
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
    await company.stop();
  });

  async function press(next: string): Promise<void> {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByRole('link', { name: 'Sign in with Example' }).click();
  }

  it('say why nobody was let in', async () => {
    company.person = { email: 'nobody@example.com', email_verified: true };
    await press('/approvals');
    await page.getByRole('alert').getByText('Nobody in Perch has the address of your company account.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('lead on by the account of a company', async () => {
    company.person = { email: DEMO.email, email_verified: true };
    await press('/approvals');
    await page.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
  });

  it('ask for the second factor after that', async () => {
    await addMember(perch.database, 'Ada', 'recruiter');
    const ada = await new PhoneOwner(perch, 'ada@perch.example').enrol();
    await ada.wait();
    company.person = { email: ada.email, email_verified: true };
    await press('/approvals');
    await page.getByLabel(/^Code of the app/).fill(await ada.code());
    expect(new URL(page.url()).hash).toBe('');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
  });

  it('make and revoke OAuth clients', async () => {
    company.person = { email: DEMO.email, email_verified: true };
    await press('/settings/api-keys');
    await page.getByRole('button', { name: 'New OAuth client' }).click();
    await page.getByLabel('Name').fill('Payroll');
    await page.getByRole('button', { name: 'Make the client' }).click();
    await page.getByText('Choose what the program may do.').waitFor();
    await page.getByRole('group', { name: 'People', exact: true }).getByLabel('Read', { exact: true }).check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the client' }).click();
    await page.getByRole('heading', { name: 'Copy the secret now' }).waitFor();
    const secret = await page.locator('code.secret').innerText();
    const id = await page.locator('.secret-card p code').first().innerText();
    expect(await accessibilityFaults(page)).toEqual([]);
    const ask = (): Promise<Response> => fetch(`${perch.address}/api/auth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }) });
    expect((await ask()).status).toBe(200);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('button', { name: 'Revoke Payroll' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('row', { name: /Payroll/ }).getByText('Revoked', { exact: true }).waitFor();
    expect((await ask()).status).toBe(401);
  });

  it('never run into the content security policy', () => {
    expect(faults).toEqual([]);
  });
});

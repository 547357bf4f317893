import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch } from '../support/perch.js';
import { PhoneOwner } from '../second-factor/authenticator-app.js';

describe('the second factor in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let olga: PhoneOwner;
  let rita: PhoneOwner;

  beforeAll(async () => {
    perch = await startPerch('process');
    await addMember(perch.database, 'Olga', 'owner');
    await addMember(perch.database, 'Rita', 'recruiter');
    [olga, rita] = [new PhoneOwner(perch, 'olga@perch.example'), new PhoneOwner(perch, 'rita@perch.example')];
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  async function password(email: string): Promise<void> {
    await page.goto('/sign-in?next=/settings/security');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(MEMBER_PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function scan(owner: PhoneOwner): Promise<void> {
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    await page.getByText('The picture cannot be scanned').click();
    owner.secret = (await page.locator('code.secret').innerText()).replaceAll(' ', '');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Code of six digits').fill(await owner.code());
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
    owner.recoveryCodes = await page.locator('.recovery-codes code').allInnerTexts();
    expect(owner.recoveryCodes.length).toBe(10);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
    await page.getByLabel('I have kept the codes').check();
    await page.getByRole('button', { name: 'Done' }).click();
  }

  it('is set up in the settings', async () => {
    await password(olga.email);
    await page.getByRole('button', { name: 'Set up' }).click();
    await scan(olga);
    await page.getByText('10 recovery codes are left.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('is asked for after the password', async () => {
    await olga.wait();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await password(olga.email);
    const field = page.getByLabel(/^Code of the app/);
    await field.fill('000000');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('This code is wrong or was used already.').waitFor();
    await field.fill(await olga.code());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Second factor', exact: true }).waitFor();
  });

  it('is required by the owner', async () => {
    await page.getByRole('button', { name: 'Require it…' }).click();
    await page.getByText('2 members have none. Whoever has none').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Require it', exact: true }).click();
    await page.getByText('Required. 2 members have none.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await password(rita.email);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    await page.goto('/background-jobs');
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    await scan(rita);
    await page.getByRole('heading', { name: 'Background jobs', level: 1 }).waitFor();
  });

  it('gives new recovery codes and is turned off', async () => {
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'New recovery codes…' }).click();
    await page.getByLabel(/^Code of the app/).fill(rita.recoveryCodes[0]!);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByLabel('I have kept the codes').check();
    await page.getByRole('button', { name: 'Done' }).click();
    await rita.wait();
    await page.getByRole('button', { name: 'Turn off…' }).click();
    await page.getByLabel(/^Code of the app/).fill(await rita.code());
    await page.getByRole('button', { name: 'Turn off', exact: true }).click();
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  });

  it('never runs into the content security policy', () => {
    expect(faults).toEqual([]);
  });
});

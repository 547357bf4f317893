import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Webhook as Verifier } from 'standardwebhooks';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { Receiver } from '../webhooks/receiver.js';

describe('webhooks in a browser', () => {
  let perch: Perch;
  let receiver: Receiver;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let secret: string;

  beforeAll(async () => {
    receiver = await Receiver.open();
    perch = await startPerch('process', async () => ({ PERCH_OUTBOUND_ALLOWED_ORIGINS: receiver.origin }));
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
    await receiver.close();
  });

  async function signIn(email: string, password: string): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it('are made with a secret shown once', async () => {
    await page.goto('/settings/webhooks');
    await signIn(DEMO.email, DEMO.password);
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'New webhook' }).click();
    await page.getByLabel('Name').fill('Payroll');
    await page.getByLabel('Address').fill('https://169.254.169.254/latest');
    await page.getByLabel('Only these').check();
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByText('Choose at least one event.').waitFor();
    await page.getByLabel('application.submitted').check();
    await page.getByLabel('offer.created').check();
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByText('is not an address of the public internet').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Address').fill(`${receiver.origin}/payroll`);
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByRole('heading', { name: 'Copy the secret now' }).waitFor();
    secret = await page.locator('.whole').innerText();
    expect(secret).toMatch(/^whsec_/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('heading', { name: 'Payroll' }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it('show what was sent and answered', async () => {
    receiver.answer = (_request, response) => response.writeHead(500).end('<b>out of order</b>');
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByRole('link', { name: 'webhook.test' }).click();
    await page.getByText('The endpoint answered 500.').waitFor();
    await page.getByText('How the answer began').click();
    expect(await page.locator('details pre').innerText()).toBe('<b>out of order</b>');
    expect(await page.getByLabel('The body').innerText()).toContain('"type": "io.perch.webhook.test"');
    expect(await accessibilityFaults(page)).toEqual([]);
    receiver.answerWith();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('Attempt 2').waitFor();
    await page.locator('h1 .badge-done').waitFor();
    const [first, second] = receiver.take();
    expect(second!.body).toBe(first!.body);
    expect(() => new Verifier(secret).verify(second!.body, second!.headers as Record<string, string>)).not.toThrow();
  });

  it('send again what has failed', async () => {
    await page.getByRole('link', { name: 'All deliveries of this webhook' }).click();
    receiver.answerWith(500, 500);
    for (let count = 1; count <= 2; count++) {
      await page.getByRole('button', { name: 'Send a test event' }).click();
      await eventually('the test event has failed', async () => (await perch.database.query("SELECT 1 FROM webhook_delivery WHERE state = 'failed'")).length === count);
    }
    await page.getByText('has failed.').waitFor();
    await page.getByRole('link', { name: 'Failed', exact: true }).click();
    await page.getByRole('button', { name: 'Send failed again…' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send again', exact: true }).click();
    await page.getByText('2 deliveries are on their way again.').waitFor();
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    await page.getByRole('link', { name: 'Delivered', exact: true }).click();
    await eventually('all are delivered', async () => (await page.locator('tbody tr').count()) === 3);
  });

  it('get a new secret, and are turned off', async () => {
    await page.getByRole('button', { name: 'New secret…' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByRole('heading', { name: 'Copy the secret now' }).waitFor();
    expect(await page.locator('.whole').innerText()).not.toBe(secret);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByText('messages are signed with the secret before as well').waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('by an administrator.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Send a test event' }).waitFor();
    await page.getByRole('link', { name: 'All webhooks' }).click();
    await page.getByText('Last delivered').waitFor();
    expect(await page.locator('td.number').allInnerTexts()).toEqual(['3', '0', '0']);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('are not shown to others', async () => {
    await addMember(perch.database, 'Rita Recruiter', 'recruiter');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn('rita.recruiter@perch.example', MEMBER_PASSWORD);
    await page.getByRole('link', { name: 'Jobs', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
    await page.goto('/settings/webhooks');
    await page.getByText('This needs the permission "webhooks.read"').waitFor();
    expect(faults).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { mailsWhere } from '../support/mail-texts.js';
import { addMember } from '../support/members.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

describe('offers and outreach in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let application: string;
  const faults: string[][] = [];
  const card = (title: string): Locator => page.locator('section.card').filter({ has: page.getByRole('heading', { name: title }) });

  beforeAll(async () => {
    perch = await startPerch('process');
    await addMember(perch.database, 'Ivo Approver', 'interviewer');
    await addMember(perch.database, 'Mara Deputy', 'hiring_manager');
    const [row] = await perch.database.query<{ id: string }>("SELECT a.id FROM application a JOIN candidate c ON c.id = a.candidate_id JOIN person p ON p.id = c.person_id WHERE p.display_name = 'Amara Lindqvist'");
    application = row!.id;
    browser = await openBrowser();
    const opened = await openPage(browser, perch.address);
    page = opened.page;
    faults.push(opened.faults);
    await page.goto('/approvals');
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  it('says that nothing waits', async () => {
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('makes an offer with the keyboard', async () => {
    await page.goto(`/applications/${application}`);
    await card('Offer').getByRole('button', { name: 'Create offer…' }).press('Enter');
    await page.keyboard.type('72000');
    await card('Offer').getByLabel('Start').fill('2030-02-01');
    await card('Offer').getByLabel('Open until').fill('2030-01-10');
    await card('Offer').getByLabel('Other terms').fill('Thirty days of leave.');
    expect(await accessibilityFaults(page)).toEqual([]);
    await card('Offer').getByRole('button', { name: 'Create offer' }).press('Enter');
    await card('Offer').getByText('€72,000 per year').waitFor();
    await card('Offer').getByText('Draft').waitFor();
  });

  it('asks two for approval', async () => {
    await card('Offer').getByRole('button', { name: 'Request approval…' }).click();
    for (const name of ['Demo Recruiter', 'Ivo Approver']) await card('Offer').getByLabel(name).check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await card('Offer').getByRole('button', { name: 'Ask for approval' }).click();
    await card('Offer').getByText('Pending approval').waitFor();
    await card('Offer').getByText('2 of 2 must approve, in any order').waitFor();
    expect(await card('Offer').getByText('Asked', { exact: true }).count()).toBe(2);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('approves with a comment', async () => {
    await page.getByRole('link', { name: 'Approvals' }).click();
    await page.getByRole('heading', { name: /^Offer to Amara Lindqvist for/ }).waitFor();
    await page.getByText('€72,000 per year').waitFor();
    await page.getByRole('button', { name: 'Delegate…' }).click();
    await page.getByLabel('Hand on to').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel('Comment').fill('Fair for the level.');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  });

  it('approves by a mailed link, once', async () => {
    const text = await eventually('the mail was written', async () => {
      const [mail] = await mailsWhere(perch.database, "to_address = 'ivo.approver@perch.example'", []);
      return mail ? mail.text : null;
    });
    const opened = await openPage(browser, perch.address);
    faults.push(opened.faults);
    await opened.page.goto(`/approve${/#\S+/.exec(text)![0]}`);
    await opened.page.getByRole('heading', { name: /^Offer to Amara Lindqvist for/ }).waitFor();
    expect(await accessibilityFaults(opened.page)).toEqual([]);
    await opened.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await opened.page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await opened.page.reload();
    await opened.page.getByText('This link has been used. It works once.').waitFor();
    expect(await accessibilityFaults(opened.page)).toEqual([]);
    await opened.page.close();
  });

  it('shows who approved, until the terms change', async () => {
    await page.goto(`/applications/${application}`);
    await card('Offer').locator('h2').getByText('Approved').waitFor();
    await card('Offer').getByText('Fair for the level.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await card('Offer').getByRole('button', { name: 'Edit terms…' }).click();
    await card('Offer').getByText('New terms must be approved again').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await card('Offer').getByLabel('Pay').fill('75000');
    await card('Offer').getByRole('button', { name: 'Save terms' }).click();
    await card('Offer').getByText('€75,000 per year').waitFor();
    await card('Offer').getByText('Draft').waitFor();
  });

  it('takes an offer back', async () => {
    await card('Offer').getByRole('button', { name: 'Withdraw…' }).click();
    await card('Offer').getByRole('button', { name: 'Withdraw the offer' }).click();
    await card('Offer').getByText('Withdrawn').waitFor();
    await card('Offer').getByRole('button', { name: 'Create offer…' }).waitFor();
  });

  it('writes to the candidate and stops', async () => {
    await card('Outreach').getByRole('button', { name: 'Write to the candidate…' }).click();
    await card('Outreach').locator('textarea[name="text"]').fill('Hello {{nickname}}');
    expect(await accessibilityFaults(page)).toEqual([]);
    await card('Outreach').getByRole('button', { name: 'Send' }).click();
    await card('Outreach').getByText('There is no merge field {{nickname}}.').waitFor();
    await card('Outreach').locator('textarea[name="text"]').fill('Hello {{firstName}}, shall we talk?');
    await card('Outreach').getByRole('button', { name: 'Send' }).click();
    await card('Outreach').getByText('1 of 2 mails sent').waitFor();
    await card('Outreach').getByText('Waiting for an answer').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await card('Outreach').getByRole('button', { name: 'Stop' }).click();
    await card('Outreach').getByText('Stopped').waitFor();
  });

  it('says when approvals cannot be read', async () => {
    await page.goto('/jobs');
    await page.getByRole('link', { name: 'Approvals' }).waitFor();
    await page.route('**/api/graphql', (route) => route.fulfill({ status: 500, body: 'no JSON at all' }));
    await page.getByRole('link', { name: 'Approvals' }).click();
    await page.getByText('The server gave an answer that could not be read.').waitFor();
    await page.unroute('**/api/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
  });

  it('never runs into the content security policy', () => {
    expect(faults.flat()).toEqual([]);
  });
});

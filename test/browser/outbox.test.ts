import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { Client } from '../support/client.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

const TEXT = 'Dear Ada,\n\nwe would like to talk to you.\n\n<img src=x onerror="document.title = \'broken\'"><b>bold</b>\n\nKind regards\nPerch Demo';

describe('the outbox in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    perch = await startPerch('process');
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  async function write(subject: string, state: string, name: string | null, error: string | null = null): Promise<void> {
    const id = randomUUID();
    await perch.database.query(
      `INSERT INTO mail_message (id, workspace_id, message_id, to_address, to_name, subject, text, kind, state, error_message, attempts, sent_at)
       SELECT $1::uuid, id, '<' || $1 || '@perch.example>', 'ada.lovelace@example.com', $2, $3, $4, 'test', $5, $6, 1, CASE $5 WHEN 'sent' THEN now() END FROM workspace WHERE slug = 'demo'`,
      [id, name, subject, TEXT, state, error]);
  }

  it('says when there is no mail yet', async () => {
    await page.goto('/outbox');
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'No mail' }).waitFor();
    await page.getByText('No mail server is set').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('lists the newest first, with their states', async () => {
    await write('Your application at Perch Demo', 'sent', 'Ada Lovelace');
    await write('Approve the offer for Grace Hopper', 'queued', null);
    await write('Interview on Thursday', 'failed', 'Ada Lovelace', 'The mail server refused the mail for good: 550 No such user');
    await write('Daily digest', 'kept', 'Demo Recruiter');
    await page.getByRole('link', { name: 'Outbox' }).click();
    await page.getByRole('link', { name: 'Daily digest' }).waitFor();
    expect(await page.locator('tbody .badge').allInnerTexts()).toEqual(['Kept', 'Failed', 'Queued', 'Sent']);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Failed', exact: true }).click();
    await page.getByRole('link', { name: 'Daily digest' }).waitFor({ state: 'detached' });
    expect(await page.locator('tbody .badge').allInnerTexts()).toEqual(['Failed']);
  });

  it('shows a mail as text only', async () => {
    await page.getByRole('link', { name: 'Interview on Thursday' }).press('Enter');
    const panel = page.getByRole('region', { name: 'Mail' });
    await panel.getByText('550 No such user').waitFor();
    expect(await panel.locator('.mail-text').innerText()).toBe(TEXT);
    expect(await panel.locator('.mail-text *').count()).toBe(0);
    expect(await panel.getByRole('heading').evaluate((heading) => heading === document.activeElement)).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('gives the focus back when a mail closes', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Mail' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: 'Interview on Thursday' }).evaluate((link) => link === document.activeElement)).toBe(true);
    await page.goto(`/outbox/${randomUUID()}`);
    await page.getByRole('heading', { name: 'This mail is gone' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('says when the server cannot answer', async () => {
    await page.goto('/jobs');
    await page.getByRole('link', { name: 'Outbox' }).waitFor();
    await page.route('**/api/graphql', (route) => route.fulfill({ status: 500, body: 'no JSON at all' }));
    await page.getByRole('link', { name: 'Outbox' }).click();
    await page.getByText('The server gave an answer that could not be read.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.unroute('**/api/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Daily digest' }).waitFor();
  });

  it('stays closed to others', async () => {
    const [other, user] = [randomUUID(), randomUUID()];
    const join = async (id: string, email: string, workspace: string, role: string): Promise<Client> => {
      await perch.database.query('INSERT INTO user_account (id, email, display_name, password_hash) SELECT $1, $2, $2, password_hash FROM user_account WHERE email = $3', [id, email, DEMO.email]);
      await perch.database.query('INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $3, $4)', [randomUUID(), workspace, id, role]);
      return new Client(perch.address).signIn(email, DEMO.password);
    };
    await perch.database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'other', 'Other')", [other]);
    const [mail] = await perch.database.query<{ id: string; workspace: string }>('SELECT id, workspace_id AS workspace FROM mail_message LIMIT 1');
    const query = 'query ($id: ID!) { mailMessages { totalCount } mailMessage(id: $id) { text } }';
    const stranger = await join(user, 'o@example.com', other, 'owner');
    expect((await stranger.graphql(query, { id: mail!.id })).data).toEqual({ mailMessages: { totalCount: 0 }, mailMessage: null });
    const interviewer = await join(randomUUID(), 'i@example.com', mail!.workspace, 'interviewer');
    expect((await interviewer.graphql(query, { id: mail!.id })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const owner = await new Client(perch.address).signIn();
    const jobs = await owner.graphql<{ jobOpenings: { totalCount: number } }>('{ jobOpenings(filter: { text: "senior backend" }) { totalCount nodes { title } } }');
    expect(jobs.errors).toBeUndefined();
    const found = await owner.graphql<{ mailMessages: { totalCount: number } }>('{ mailMessages(filter: { text: "digest" }) { totalCount nodes { subject } } }');
    expect(found.errors).toBeUndefined();
    expect(found.data.mailMessages).toEqual({ totalCount: 1, nodes: [{ subject: 'Daily digest' }] });
  });

  it('never runs into the content security policy', () => {
    expect(faults).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

describe('background jobs in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let workspace: string;

  beforeAll(async () => {
    perch = await startPerch('process');
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
    workspace = await demoWorkspace(perch.database);
    await page.goto('/sign-in?next=/background-jobs?state=paused');
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Background jobs', level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  it('say that there is nothing', async () => {
    await page.goto('/background-jobs?state=paused');
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    await page.goto('/background-jobs?state=dead');
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('are found by text, type and time', async () => {
    await insertJobRows(perch.database, workspace, [
      { type: 'importPeople', state: 'dead', errorMessage: 'The file has 100% more columns.', attempts: 4 }, { type: 'importPeople', state: 'dead', errorMessage: 'Out of paper.', created: 90_000, finished: 80_000 },
    ]);
    await page.goto('/background-jobs?state=dead');
    await page.getByRole('searchbox', { name: 'Search background jobs' }).fill('100%');
    await page.getByText('more columns').waitFor();
    await page.getByText('Out of paper.').waitFor({ state: 'detached' });
    await page.getByRole('searchbox', { name: 'Search background jobs' }).fill('no such words');
    await page.getByRole('heading', { name: 'No job fits the filter' }).waitFor();
    await page.getByRole('link', { name: 'Show all of this state' }).click();
    await page.getByLabel('Created').selectOption('Last 24 hours');
    await page.getByText('Out of paper.').waitFor({ state: 'detached' });
    await page.getByLabel('Type').selectOption('Import people');
    expect(new URL(page.url()).searchParams.toString()).toBe('state=dead&hours=24&type=importPeople');
  });

  it('tell how the last day was', async () => {
    await page.goto('/background-jobs');
    const health = page.getByRole('region', { name: 'Health' });
    await health.getByRole('heading', { name: 'Import people' }).waitFor();
    await health.getByText('100 % failed').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('are put away together by keyboard', async () => {
    await insertJobRows(perch.database, workspace, Array.from({ length: 230 }, () => ({ type: 'sendLetter', state: 'dead', errorMessage: 'No stamps.' })));
    await page.goto('/background-jobs?state=dead&type=sendLetter');
    await page.getByRole('button', { name: 'Put away all 230…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Put away 230 jobs?' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Put away all 230…' }).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.type('The post is closed.');
    await page.keyboard.press('Enter');
    await page.getByText('Finished: 230 changed.').waitFor({ timeout: 60_000 });
    await page.getByRole('heading', { name: 'No job fits the filter' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('show one with its waterfall', async () => {
    const [id] = await insertJobRows(perch.database, workspace, [{ type: 'sendParcel', state: 'dead', attempts: 2, errorMessage: 'No string.', payload: { token: 'needle', to: 'Ada' } }]);
    await perch.database.query(`INSERT INTO job_attempt (id, workspace_id, background_job_id, number, outcome, error_message, started_at, finished_at)
      SELECT gen_random_uuid(), $1, $2, n, CASE n WHEN 1 THEN 'retry' ELSE 'dead' END, 'No string.', now() - make_interval(secs => 54 - n * 4), now() - make_interval(secs => 52 - n * 4) FROM generate_series(1, 2) n`, [workspace, id]);
    await perch.database.query(`INSERT INTO job_log (workspace_id, background_job_id, fence, sequence, at, level, message) VALUES ($1, $2, 1, 1, now(), 'warn', 'Looking for string.')`, [workspace, id]);
    await page.goto('/background-jobs?type=sendParcel');
    await page.getByRole('link', { name: 'Send parcel' }).click();
    await page.getByRole('heading', { name: /^Send parcel/ }).waitFor();
    const timeline = page.getByRole('region', { name: 'Timeline' });
    expect(await timeline.getByRole('rowheader').allInnerTexts()).toEqual(['Created', 'Waited for its start', 'Attempt 1Failed', 'Waited to be tried again', 'Attempt 2Failed for good', 'Failed for good']);
    await page.getByText('Looking for string.').waitFor();
    const payload = await page.getByRole('region', { name: 'The payload' }).innerText();
    expect(JSON.parse(payload)).toEqual({ token: '[hidden]', to: 'Ada' });
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('can be moved, held, resumed and cancelled', async () => {
    const [id] = await insertJobRows(perch.database, workspace, [{ type: 'analyzeResume', state: 'queued', due: -9_000, started: null, finished: null, attempts: 0 }]);
    await page.goto(`/background-jobs/${id}`);
    await page.getByText('Waits for its start').waitFor();
    await page.getByRole('button', { name: 'Move…' }).click();
    await page.getByRole('textbox', { name: 'Time' }).fill('2026-12-30T09:00');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByText('The start was moved.').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.locator('h1 [data-state="cancelled"]').waitFor();
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('say what cannot be shown', async () => {
    await page.goto('/background-jobs/01a20d21-0000-7000-8000-00000000000a');
    await page.getByRole('heading', { name: 'There is no such job' }).waitFor();
    await page.getByRole('link', { name: 'All background jobs' }).click();
    await page.getByRole('heading', { name: 'Background jobs', level: 1 }).waitFor();
    await page.route('**/api/graphql', (route) => (/backgroundJob\(/.test(route.request().postData() ?? '') ? route.fulfill({ status: 500, body: 'no JSON' }) : route.fallback()));
    await page.goto('/background-jobs/01a20d21-0000-7000-8000-00000000000b');
    await page.getByText('The server gave an answer that could not be read.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.unroute('**/api/graphql');
  });

  it('never run into the content security policy', () => {
    expect(faults).toEqual([]);
  });
});

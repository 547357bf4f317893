import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

const STUFFED = ['Sly Stuffer', 'sly@example.com', '', 'EXPERIENCE', '', 'Clerk, Paper Mill', 'January 2019 - Present', '- Filed papers', '', 'SKILLS', '', 'TypeScript, PostgreSQL, Node.js, GraphQL, Kubernetes', ''].join('\n');

describe('ranking and comparison in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let job: string;
  const row = (name: string): Locator => page.locator('table.ranking tbody tr').filter({ hasText: name });
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['PERCH_PICTURES'];
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };

  beforeAll(async () => {
    perch = await startPerch('process');
    const [opening] = await perch.database.query<{ id: string }>("SELECT id FROM job_opening WHERE title = 'Senior Backend Engineer'");
    job = opening!.id;
    await eventually('the resumes were read', async () => (await perch.database.query('SELECT 1 FROM document_text')).length === 8);
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
    await page.goto(`/jobs/${job}/ranking`);
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  it('begins with nobody ranked', async () => {
    await page.getByRole('heading', { name: 'The candidates have not been ranked for this job' }).waitFor();
    await page.getByText('Scores are advice; people decide.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('ranks everybody, with reasons', async () => {
    await page.getByRole('button', { name: 'Rank all candidates' }).press('Enter');
    await page.getByText('8 candidates ranked').waitFor();
    await row('Amara Lindqvist').getByText('Shows TypeScript, PostgreSQL, Node.js, Kubernetes, 5 years of work').waitFor();
    expect(await page.locator('table.ranking tbody th').first().textContent()).toContain('Amara Lindqvist');
    await row('Amara Lindqvist').getByText('Applied · Active').waitFor();
    await row('Sofia Abernathy').getByText('not TypeScript, PostgreSQL, Node.js').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('ranking');
  });

  it('places who applies later, with flags', async () => {
    const client = await new Client(perch.address).signIn();
    await client.apply({ name: 'Sly Stuffer', email: 'sly@example.com', resume: Buffer.from(STUFFED), fileName: 'resume.txt' });
    await eventually('the newcomer was placed', async () => (await perch.database.query('SELECT 1 FROM candidate_match')).length === 9);
    await page.reload();
    await row('Sly Stuffer').locator('summary', { hasText: '1 line did not count' }).press('Enter');
    await row('Sly Stuffer').getByText('The list of the job itself').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('flags');
    await page.getByRole('link', { name: 'Sly Stuffer' }).click();
    await page.getByRole('heading', { name: /^Score/ }).waitFor();
    await page.locator('summary', { hasText: '1 line did not count' }).press('Enter');
    await page.getByText('The list of the job itself').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goBack();
  });

  it('compares with the keyboard', async () => {
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
    for (const name of ['Amara Lindqvist', 'Leila Brandt', 'Sly Stuffer']) await page.getByLabel(`Compare ${name}`).press('Space');
    await page.getByText('3 of at most 5 chosen').waitFor();
    await page.getByRole('button', { name: 'Compare' }).press('Enter');
    await page.getByRole('heading', { name: 'Comparison' }).waitFor();
    await page.getByRole('columnheader', { name: 'Leila Brandt' }).waitFor();
    expect(await page.locator('table.comparison tbody tr').first().locator('td').allTextContents()).toEqual([
      expect.stringContaining('Worked with TypeScript and PostgreSQL every day'), expect.stringContaining('TypeScript'), expect.stringContaining('Not found')]);
    await page.getByText('Scores are advice; people decide.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture('comparison');
  });

  it('says when there is nothing to compare', async () => {
    await page.goto(`/jobs/${job}/comparison?candidate=${job}`);
    await page.getByText('Choose 2 to 5 different candidates.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Ranking' }).click();
  });

  it('ranks again when the wishes change', async () => {
    await page.locator('summary', { hasText: 'What the job asks for' }).press('Enter');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Must have, one a line').fill('Onboarding\nSalesforce');
    await picture('requirements');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByText('by version 2 of what the job asks for').waitFor();
    await page.getByText('Shows Onboarding, Salesforce').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('never runs into the content security policy', () => {
    expect(faults).toEqual([]);
  });
});

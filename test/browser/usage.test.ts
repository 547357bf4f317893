import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

/** Thirty days before this one, more each day. */
const DAYS = `INSERT INTO usage_day (workspace_id, day, meter, amount)
SELECT w.id, (now() AT TIME ZONE 'UTC')::date - n, meter, CASE meter WHEN 'storage' THEN 4e9 + (30 - n) * 1e8 WHEN 'modelTokens' THEN (n % 5) * 20000 ELSE 40 + (n * 37) % 60 END
FROM workspace w, generate_series(1, 30) n, unnest(ARRAY['jobs', 'mails', 'storage', 'modelTokens']) meter WHERE w.slug = 'demo'`;

describe('usage in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    perch = await startPerch('process', async () => ({ PERCH_USAGE_LIMITS: 'jobs=1000000,mails=1,storage=1000' }));
    await perch.database.query(DAYS);
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
    await page.goto('/sign-in?next=/settings/usage');
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  it.each(['light', 'dark'] as const)('shows amounts, limits and costs in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.getByRole('heading', { name: 'Background jobs', level: 2 }).waitFor();
    await page.getByText('No limit is set.').waitFor();
    await page.getByText('About $').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Background jobs: part of the limit' }).count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('goes back by months', async () => {
    const [, before] = await page.getByLabel('Month').locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    await page.getByLabel('Month').selectOption(before!);
    await page.waitForURL(`**/settings/usage?month=${before}`);
    await page.getByText('so far').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });
});

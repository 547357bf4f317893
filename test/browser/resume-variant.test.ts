import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { FakeModelServer, type FakeAnswer, type ReceivedCall } from '../support/fake-model-server.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { answering, faithful, taskOf } from '../resume-optimization/obedient-model.js';

const INVENTED = 'Won the Turing Award in 2031.';

describe('a rewritten resume in a browser', () => {
  const model = new FakeModelServer();
  let perch: Perch;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    await model.start();
    perch = await startPerch('process', async () => ({
      JOB_TRANSPORT: 'in-process', PERCH_MODEL_PROVIDER: 'openai-compatible', PERCH_MODEL: 'test-model', PERCH_MODEL_BASE_URL: model.baseUrl, PERCH_MODEL_PRICE_INPUT: '1', PERCH_MODEL_PRICE_OUTPUT: '10',
    }));
    browser = await openBrowser();
    ({ page, faults } = await openPage(browser, perch.address));
    const [row] = await perch.database.query<{ id: string }>("SELECT a.id FROM application a JOIN candidate c ON c.id = a.candidate_id JOIN person p ON p.id = c.person_id WHERE p.display_name = 'Amara Lindqvist'");
    await page.goto(`/applications/${row!.id}`);
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Password').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
    await model.stop();
  });

  it('shows its words as they are written', async () => {
    // The model takes half a second for each word of the summary.
    let held = false;
    const write = (call: ReceivedCall): FakeAnswer => {
      if (taskOf(call) !== 'summary' || held) return answering((one) => (taskOf(one) === 'work' ? `${faithful(one)}\n${INVENTED}` : faithful(one)))(call);
      held = true;
      return { text: 'Engineer for reliable services and careful reviews', usage: null, between: 500 };
    };
    model.otherwise = write;
    await page.getByRole('button', { name: 'Optimise the resume' }).click();
    await page.getByRole('heading', { name: 'Resume for a job' }).waitFor();
    const summary = page.locator('.live-section', { has: page.getByRole('heading', { name: /Optimization – summary/ }) });
    await summary.getByText('Engineer for').waitFor();
    expect(await summary.locator('.caret').count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('shows what has changed and why', async () => {
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'What has changed' }).waitFor();
    const facts = page.locator('section.card', { has: page.getByRole('heading', { name: 'Facts' }) });
    await facts.getByText(INVENTED).first().waitFor();
    expect(await page.getByText('Turing').count()).toBe(await facts.getByText('Turing').count());
    await facts.getByText('Sentences and their lines').click();
    await facts.getByText(/^Line \d+: /).first().waitFor();
    await page.getByText(/calls of test-model for \$/).click();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('can be downloaded', async () => {
    const link = page.getByRole('link', { name: 'Resume as PDF' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(/resume\.pdf$/);
  });

  it('is found with its application', async () => {
    await page.getByRole('link', { name: 'Back to the application' }).click();
    const card = page.locator('section.card', { has: page.getByRole('heading', { name: 'Resume for this job' }) });
    await card.getByText('Ready').waitFor();
    expect(await page.locator('.contacts').getByText('cover letter').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('fails with words and is retried', async () => {
    model.otherwise = () => ({ status: 400, message: 'no such model' });
    await page.getByRole('button', { name: 'Optimise again' }).click();
    await page.locator('h1 [data-state="failed"]').waitFor();
    expect(await page.locator('.notice-bad').first().innerText()).toMatch(/\S/);
    expect(await accessibilityFaults(page)).toEqual([]);
    model.otherwise = answering(faithful);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.locator('h1 [data-state="ready"]').waitFor();
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Browser, Locator, Page } from 'playwright-core';
import { zip } from '../hostile/hostile-files.js';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { cutResume, resume } from '../support/resumes.js';

const LETTER = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Lara Large</w:t></w:r></w:p></w:body></w:document>';

/** Holds a table so that writers of it wait, and lets go when told: the job stands still where a test wants to look at it. */
async function hold(perch: Perch, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: perch.database.ownerUrl });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
  return async () => {
    await client.query('COMMIT');
    await client.end();
  };
}

/** Holds up claims of jobs in the same way. */
async function holdClaims(perch: Perch): Promise<() => Promise<void>> {
  await perch.database.query(`
    CREATE TABLE claim_gate ();
    CREATE FUNCTION pass_claim_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS 'BEGIN LOCK TABLE claim_gate IN ROW EXCLUSIVE MODE; RETURN NEW; END';
    CREATE TRIGGER claim_gate BEFORE UPDATE ON background_job FOR EACH ROW WHEN (NEW.state = 'running' AND OLD.state <> 'running') EXECUTE FUNCTION pass_claim_gate()`);
  return hold(perch, 'claim_gate');
}

describe('the main job in a browser', () => {
  let perch: Perch;
  let browser: Browser;
  let applicant: Page;
  let recruiter: Page;
  const faults: string[][] = [];

  beforeAll(async () => {
    perch = await startPerch('process');
    browser = await openBrowser();
    for (const set of [(page: Page) => (applicant = page), (page: Page) => (recruiter = page)]) {
      const opened = await openPage(browser, perch.address);
      set(opened.page);
      faults.push(opened.faults);
    }
  });
  afterAll(async () => {
    await browser.close();
    await perch.stop();
  });

  async function apply(name: string, buffer: Buffer): Promise<void> {
    await applicant.goto('/careers/demo');
    await applicant.getByRole('link', { name: 'Senior Backend Engineer' }).click();
    await applicant.getByLabel('Name').fill(name);
    await applicant.getByLabel('E-mail').fill(`${name.toLowerCase().replaceAll(' ', '.')}@example.com`);
    await applicant.getByLabel(/^Resume/).setInputFiles({ name: 'resume.pdf', mimeType: 'application/pdf', buffer });
    await applicant.getByRole('button', { name: 'Send application' }).click();
    await applicant.getByRole('heading', { name: 'We have your application' }).waitFor();
  }

  const column = (name: string): Locator => recruiter.locator(`[data-stage="${name}"]`);
  const card = (name: string, stage = 'Applied'): Locator => column(stage).locator('article').filter({ hasText: name });

  it('lets a visitor apply and follow the status', async () => {
    await apply('Ada Browser', resume('engineer.pdf'));
    expect(await accessibilityFaults(applicant)).toEqual([]);
    await applicant.getByRole('link', { name: 'Follow its status' }).click();
    await applicant.getByText('We have received your application.').waitFor();
    expect(await accessibilityFaults(applicant)).toEqual([]);
  });

  it('sends a large resume to the storage itself', async () => {
    const photo = zip({ '[Content_Types].xml': Buffer.from('<Types/>'), 'word/document.xml': Buffer.from(LETTER), 'word/media/photo.jpeg': randomBytes(5 * 1_048_576) });
    const sent = applicant.waitForRequest((one) => one.method() === 'PUT' && one.url().includes('/api/files/signed/'));
    await apply('Lara Large', photo);
    await sent;
    expect(await perch.database.query("SELECT byte_size AS size FROM document d JOIN candidate c ON c.id = d.candidate_id JOIN person p ON p.id = c.person_id WHERE p.display_name = 'Lara Large'")).toEqual([{ size: photo.length }]);
  });

  it('brings a stranger to where they wanted', async () => {
    await recruiter.goto('/background-jobs');
    await recruiter.getByLabel('E-mail').fill(DEMO.email);
    await recruiter.getByLabel('Password').fill('wrong');
    await recruiter.getByRole('button', { name: 'Sign in' }).click();
    await recruiter.getByText('The e-mail address or the password is wrong.').waitFor();
    expect(await accessibilityFaults(recruiter)).toEqual([]);
    await recruiter.getByLabel('Password').fill(DEMO.password);
    await recruiter.getByRole('button', { name: 'Sign in' }).click();
    await recruiter.getByRole('heading', { name: 'Background jobs', level: 1 }).waitFor();
    expect(await accessibilityFaults(recruiter)).toEqual([]);
  });

  it('shows an analysis from queued to done', async () => {
    const [letClaim, letStore] = [await holdClaims(perch), await hold(perch, 'score_run')];
    await apply('Grace Waiting', resume('second.pdf'));
    await recruiter.getByRole('link', { name: 'Jobs', exact: true }).click();
    await recruiter.getByRole('link', { name: 'Senior Backend Engineer' }).click();
    await card('Grace Waiting').locator('[data-state="queued"]').waitFor();
    await letClaim();
    await card('Grace Waiting').locator('[data-state="running"]').waitFor();
    await letStore();
    await card('Grace Waiting').locator('[data-state="done"]').waitFor({ state: 'attached' });
    await card('Grace Waiting').locator('.score').waitFor();
    expect(await accessibilityFaults(recruiter)).toEqual([]);
  });

  it('moves a card by mouse and by keyboard', async () => {
    await card('Ada Browser').dragTo(column('Screening'));
    await card('Ada Browser', 'Screening').waitFor();
    await card('Ada Browser', 'Screening').getByRole('link').focus();
    await recruiter.keyboard.press(']');
    await card('Ada Browser', 'Interview').waitFor();
    expect(await card('Ada Browser', 'Interview').getByRole('link').evaluate((link) => link === document.activeElement)).toBe(true);
    await recruiter.getByRole('button', { name: 'Undo' }).click();
    await card('Ada Browser', 'Screening').waitFor();
    await recruiter.reload();
    await card('Ada Browser', 'Screening').waitFor();
  });

  it('shows the record and the reasons', async () => {
    await card('Ada Browser', 'Screening').getByRole('link').click();
    await recruiter.getByRole('heading', { name: /^Score/ }).waitFor();
    await recruiter.reload();
    await recruiter.locator('blockquote').first().waitFor();
    expect(await recruiter.locator('.resume .entries li').count()).toBeGreaterThan(2);
    expect(await recruiter.locator('.tags li').count()).toBeGreaterThan(2);
    const [download] = await Promise.all([recruiter.waitForEvent('download'), recruiter.getByRole('link', { name: 'resume.pdf' }).click()]);
    expect(download.suggestedFilename()).toBe('resume.pdf');
    expect(await accessibilityFaults(recruiter)).toEqual([]);
  });

  it('says why an analysis failed and retries', async () => {
    await apply('Cut Resume', cutResume());
    await recruiter.goto('/background-jobs?state=dead');
    await recruiter.getByRole('link', { name: 'Analyze resume' }).click();
    await recruiter.getByRole('link', { name: 'Open the application' }).click();
    await recruiter.getByRole('heading', { name: 'Cut Resume' }).waitFor();
    expect(await recruiter.locator('.notice-bad p').innerText()).toMatch(/\w+ \w+/);
    expect(await accessibilityFaults(recruiter)).toEqual([]);
    await recruiter.getByRole('button', { name: 'Retry' }).click();
    await recruiter.getByText('The resume is being read again.').waitFor();
    await recruiter.goto('/background-jobs?state=dead');
    await recruiter.getByText('2 of').waitFor();
    await recruiter.getByRole('button', { name: 'Retry', exact: true }).click();
    await recruiter.getByText('3 of').waitFor();
  });

  it('rejects with a reason and takes it back', async () => {
    await recruiter.goto('/jobs');
    await recruiter.getByRole('link', { name: 'Senior Backend Engineer' }).click();
    await card('Grace Waiting').getByRole('link').click();
    await recruiter.getByRole('button', { name: 'Reject…' }).click();
    await recruiter.getByLabel('Reason').fill('No licence');
    await recruiter.getByRole('button', { name: 'Reject', exact: true }).click();
    await recruiter.locator('.candidate-head').getByText('Rejected').waitFor();
    await recruiter.getByRole('button', { name: 'Undo' }).click();
    await recruiter.getByRole('button', { name: 'Reject…' }).waitFor();
  });

  it('opens a job and shows its empty board', async () => {
    await recruiter.goto('/jobs/new');
    await recruiter.getByRole('heading', { name: 'New job' }).waitFor();
    expect(await accessibilityFaults(recruiter)).toEqual([]);
    await recruiter.getByLabel('Title').fill('Data Engineer');
    await recruiter.getByLabel('Description').fill('Build the tables that reports stand on.');
    await recruiter.getByLabel(/^Must have/).fill('SQL\nPython');
    await recruiter.getByRole('button', { name: 'Create job' }).click();
    await recruiter.getByText('Nobody here yet').first().waitFor();
    await recruiter.getByRole('link', { name: 'All jobs' }).click();
    await recruiter.getByRole('button', { name: 'Publish' }).click();
    await recruiter.getByText('Data Engineer is on the careers page.').waitFor();
    expect(await accessibilityFaults(recruiter)).toEqual([]);
  });

  it('says when the server cannot answer and shows the page on another try', async () => {
    await recruiter.goto('/jobs');
    await recruiter.getByRole('link', { name: 'Background jobs' }).waitFor();
    await recruiter.route('**/api/graphql', (route) => route.fulfill({ status: 500, body: 'no JSON at all' }));
    await recruiter.getByRole('link', { name: 'Background jobs' }).click();
    await recruiter.getByText('The server gave an answer that could not be read.').waitFor();
    expect(await accessibilityFaults(recruiter)).toEqual([]);
    await recruiter.unroute('**/api/graphql');
    await recruiter.getByRole('button', { name: 'Try again' }).click();
    await recruiter.getByRole('heading', { name: 'Background jobs', level: 1 }).waitFor();
    await recruiter.getByText(/\d+ of/).first().waitFor();
    expect(await recruiter.getByRole('alert').count()).toBe(0);
  });

  it('never runs into the content security policy', () => {
    expect(faults.flat()).toEqual([]);
  });
});

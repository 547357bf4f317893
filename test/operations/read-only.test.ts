import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { Client } from '../support/client.js';
import { accessibilityFaults, openBrowser, openPage } from '../support/browser.js';
import { CRON_SECRET, DEMO, startPerch, type Perch } from '../support/perch.js';
import { resume } from '../support/resumes.js';

interface Status {
  readonly state: string;
  readonly readOnly: boolean;
  readonly parts: readonly { readonly name: string; readonly state: string }[];
}

const COUNTS = `SELECT (SELECT count(*) FROM session) AS sessions, (SELECT count(*) FROM audit_event) AS audited, (SELECT count(*) FROM background_job) AS jobs,
  (SELECT count(*) FROM application) AS applications, (SELECT count(*) FROM rate_limit) AS limits, (SELECT count(*) FROM company) AS companies`;

/** An account, so that no server for it is started on the database; nobody is there. */
const QSTASH = { QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', QSTASH_CURRENT_SIGNING_KEY: 'sig_one', QSTASH_NEXT_SIGNING_KEY: 'sig_two' };

/** Lets the server refuse every write of the application, as one that follows another does. */
const refuseWrites = async ({ database }: Perch): Promise<void> => {
  const name = new URL(database.applicationUrl).pathname.slice(1);
  await database.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
};

describe.each([['its switch', { PERCH_READ_ONLY: 'true' }, null], ['a database that refuses writes', QSTASH, refuseWrites]] as const)('Perch that can only be read by %s', (_, settings, prepare) => {
  let writing: Perch;
  let reading: Perch;
  let client: Client;
  let before: object[];

  beforeAll(async () => {
    writing = await startPerch('process');
    const { body } = await request(writing.address).post('/api/auth/sign-in').send({ email: DEMO.email, password: DEMO.password, as: 'token' });
    await writing.kill();
    // Its use would be noted now.
    await writing.database.query("UPDATE session SET last_used_at = now() - interval '1 hour'");
    before = await writing.database.query(COUNTS);
    await prepare?.(writing);
    reading = await startPerch('process', async () => ({ ...settings, DATABASE_URL: writing.database.applicationUrl, DIRECT_URL: writing.database.ownerUrl }));
    client = new Client(reading.address).useToken((body as { token: string }).token);
  });
  afterAll(async () => {
    await reading.stop();
    await writing.stop();
  });

  it('shows what it holds', async () => {
    const { data, errors } = await client.graphql<{ systemState: { readOnly: boolean }; applications: { totalCount: number } }>('{ systemState { readOnly } applications { totalCount } }');
    expect([errors, data.systemState.readOnly]).toEqual([undefined, true]);
    expect(data.applications.totalCount).toBeGreaterThan(3);
    expect((await client.get('/api/v1/companies')).status).toBe(200);
    expect((await request(reading.address).post('/api/graphql').send({ query: '{ careersPage(workspace: "demo") { workspaceName } }' })).body.data.careersPage).not.toBeNull();
  });

  it('refuses every change politely', async () => {
    const { errors } = await client.graphql('mutation { createCompany(input: { name: "Late Ltd" }) { id } }');
    expect(errors?.[0]?.extensions.code).toBe('READ_ONLY');
    const { token } = client as unknown as { token: string };
    const signIn = await request(reading.address).post('/api/auth/sign-in').send({ email: DEMO.email, password: DEMO.password });
    const rest = await request(reading.address).post('/api/v1/companies').set('authorization', `Bearer ${token}`).send({ name: 'Late Ltd' });
    const clock = await request(reading.address).post('/api/scheduled-job').set('authorization', `Bearer ${CRON_SECRET}`);
    const application = await new Client(reading.address).apply({ email: 'late@example.com', resume: resume('engineer.pdf') });
    for (const { status, body, headers } of [signIn, rest, clock, application]) expect([status, body.code, headers['retry-after']]).toEqual([503, 'READ_ONLY', '60']);
  });

  it('says so to machines and people', async () => {
    const ready = await request(reading.address).get('/api/health/ready');
    expect([ready.status, ready.body.status]).toEqual([200, 'degraded']);
    expect(ready.body.checks.find(({ name }: { name: string }) => name === 'writing')).toMatchObject({ ok: false });
    const { body } = (await request(reading.address).get('/api/health/status')) as { body: Status };
    expect(body).toMatchObject({ state: 'limited', readOnly: true });
    expect(body.parts).toContainEqual({ name: 'Pages and sign-in', state: 'limited' });
    expect(body.parts).toContainEqual({ name: 'Applications', state: 'down' });
  });

  it('has written nothing', async () => {
    expect(await writing.database.query(COUNTS)).toEqual(before);
  });

  it('shows it on its pages', async () => {
    const browser = await openBrowser();
    const { page } = await openPage(browser, reading.address);
    await page.goto('/status');
    await page.getByText('nothing can be changed').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Applications' }).innerText()).toMatch(/Does not work/);
    expect(await accessibilityFaults(page)).toEqual([]);
    const { token } = client as unknown as { token: string };
    await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
    await page.goto('/jobs');
    await page.getByText('Perch can only be read at the moment').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await browser.close();
  });
});

describe('asking whether anything can be changed', () => {
  it('needs no second connection', async () => {
    const perch = await startPerch('process', async () => ({ DATABASE_POOL_SIZE: '2' }));
    const client = await new Client(perch.address).signIn();
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.graphql<{ systemState: { readOnly: boolean } }>('{ viewer { role workspace { name } } systemState { readOnly } }')));
    expect(answers.map(({ data, errors }) => [data?.systemState?.readOnly, errors?.[0]?.extensions.code])).toEqual(Array(12).fill([false, undefined]));
    await perch.stop();
  });
});

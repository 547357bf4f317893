import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { DOORS } from '../../src/bootstrap/doors.js';
import { SECURITY_HEADERS } from '../../src/bootstrap/security-headers.js';
import { startQStashServer, type RunningQStash } from '../../src/qstash-server/server.js';
import { Client } from '../support/client.js';
import { CRON_SECRET, SECRET } from '../support/perch.js';
import { resume } from '../support/resumes.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { BuiltOutput, functionBytes, functionConfig, functionNames, OUTPUT, outputConfig, ROOT } from './built-output.js';

/** Far below the 250 MB of the platform; a function that passes it carries what it does not need. */
const FUNCTION_LIMIT = 32e6;
/** What each cold start reads; it grows only on purpose. */
const APPLICATION_LIMIT = 4e6;
/** Functions of a deployment on the smallest plan. */
const MOST_FUNCTIONS = 12;

describe('what Vercel would deploy', () => {
  it('holds a function for each door', () => {
    expect(functionNames()).toEqual([...DOORS].sort());
    expect(functionNames().length).toBeLessThanOrEqual(MOST_FUNCTIONS);
    for (const name of functionNames()) expect(functionConfig(name)).toMatchObject({ runtime: 'nodejs24.x', maxDuration: 60, handler: `api/${name}.js` });
    expect(outputConfig()).toMatchObject({ version: 3, crons: [{ path: '/api/scheduled-job' }] });
  });

  it('keeps functions small', () => {
    for (const name of functionNames()) expect([name, functionBytes(name) < FUNCTION_LIMIT]).toEqual([name, true]);
    expect(statSync(join(ROOT, 'dist', 'functions', 'application.cjs')).size).toBeLessThan(APPLICATION_LIMIT);
  });

  it('carries the code cache of this Node', () => {
    const cache = `dist/functions/application.cjs.${process.versions.v8}.cache`;
    for (const name of functionNames()) expect(Object.keys(functionConfig(name).filePathMap)).toContain(cache);
  });

  it('holds nothing of the environment', () => {
    expect(existsSync(join(OUTPUT, 'static', 'index.html'))).toBe(true);
    for (const name of functionNames()) expect(functionConfig(name)).toMatchObject({ environment: {} });
    expect(readFileSync(join(OUTPUT, 'config.json'), 'utf8')).not.toMatch(/secret|token|postgres/i);
  });
});

describe('the built output', () => {
  const output = new BuiltOutput();
  let [database, qstash, address] = [] as unknown as [TestDatabase, RunningQStash, string];

  beforeAll(async () => {
    address = await output.open();
    database = await createTestDatabase();
    const messages = await createTestDatabase('template0');
    qstash = await startQStashServer({ databaseUrl: messages.ownerUrl, port: 0, allowedOrigins: [address] });
    const variables = {
      VERCEL: '1', NODE_ENV: 'production', LOG_LEVEL: 'error', DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: address, PERCH_SECRET: SECRET, CRON_SECRET,
      QSTASH_URL: qstash.url, QSTASH_TOKEN: qstash.token, QSTASH_CURRENT_SIGNING_KEY: qstash.currentSigningKey, QSTASH_NEXT_SIGNING_KEY: qstash.nextSigningKey,
    };
    // First: what the seed enqueues is delivered at once.
    output.deploy(variables);
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'perch.mjs'), 'seed'], { env: { PATH: process.env['PATH'], ...variables } });
  });
  afterAll(async () => {
    output.close();
    await qstash.stop();
    await database.drop();
  });

  it('scores an applicant from end to end', async () => {
    const client = await new Client(address).signIn();
    const { status, body } = await client.apply({ email: 'built@example.com', resume: resume('engineer.pdf') });
    expect(status).toBe(201);
    const found = await client.analysed((body as { applicationId: string }).applicationId);
    expect([found.analysis.state, found.score! > 0]).toEqual(['done', true]);
  });

  it('rewrites paths below its doors', async () => {
    expect((await request(address).get('/api/health/live')).body).toEqual({ status: 'live' });
    expect(await request(address).get('/api/health/ready')).toMatchObject({ status: 200 });
    expect((await request(address).get('/api/nowhere')).status).toBe(404);
    expect((await request(address).get('/api/scheduled-job')).status).toBe(401);
    expect((await request(address).get('/api/scheduled-job').set('authorization', `Bearer ${CRON_SECRET}`)).status).toBe(200);
  });

  it('shows the web application at every path', async () => {
    for (const path of ['/', '/careers/demo', '/jobs']) {
      const page = await request(address).get(path);
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      for (const [name, value] of SECURITY_HEADERS) expect(page.headers[name.toLowerCase()]).toBe(value);
    }
  });
});

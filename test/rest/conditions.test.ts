import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import type { Perch } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';
import { openOffice, type Records } from './office-records.js';
import { RestBench } from './rest-bench.js';

describe('conditions of REST', () => {
  let perch: Perch;
  let owner: Client;
  let program: RestBench;
  let records: Records;

  beforeAll(async () => {
    ({ perch, owner, program, records } = await openOffice('process'));
  });
  afterAll(() => perch.stop());

  it('replace only what was seen', async () => {
    const path = `/companies/${records['companies']!}`;
    const tag = (await program.get(path)).headers['etag']!;
    expect((await program.send('PUT', path, { name: 'Without' })).body).toMatchObject({ status: 428, code: 'PRECONDITION_REQUIRED' });
    const replaced = await program.send('PUT', path, { name: 'First' }, { 'if-match': tag });
    expect([replaced.status, replaced.headers['etag']]).not.toContain(tag);
    expect((await program.send('PUT', path, { name: 'Second' }, { 'if-match': tag })).body).toMatchObject({ status: 412, code: 'PRECONDITION_FAILED' });
    expect((await program.send('PUT', path, { name: 'Second' }, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await program.get(path)).body).toMatchObject({ name: 'First' });
    expect((await program.send('PUT', path, { name: 'Any' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('move only what was seen', async () => {
    const path = `/applications/${records['applications']!}`;
    const { headers: { etag }, body: { stageId } } = await program.get(path);
    expect((await program.post(`${path}/move`, { stageId: records['stage']! }, { 'if-match': '"99"' })).body).toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect((await program.get(path)).body).toMatchObject({ stageId });
    expect((await program.post(`${path}/move`, { stageId: records['stage']! }, { 'if-match': etag! })).status).toBe(200);
  });

  it('do a repeated request once', async () => {
    const send = (name: string, bench = program) => bench.post('/companies', { name }, { 'idempotency-key': 'order 1' });
    const [first, again] = [await send('Once Ltd'), await send('Once Ltd')];
    expect([again.status, again.body, again.headers['location']]).toEqual([201, first.body, first.headers['location']]);
    expect(await perch.database.query("SELECT id FROM company WHERE name = 'Once Ltd'")).toEqual([{ id: first.body['id'] }]);
    expect((await send('Twice Ltd')).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect((await program.post('/companies', { name: 'Long Ltd' }, { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400);
    const other = await send('Twice Ltd', await RestBench.withScopes(owner, allScopes()));
    expect(other.status).toBe(201);
  });

  it('refuse a repetition that comes meanwhile', async () => {
    const path = `/applications/${records['applications']!}/reject`;
    const send = () => program.post(path, { reason: 'Slow' }, { 'idempotency-key': 'slow' });
    const holder = new pg.Client({ connectionString: perch.database.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM application WHERE id = $1 FOR UPDATE', [records['applications']]);
    const first = send();
    await eventually('the first waits', async () => (await perch.database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")).length > 0);
    const meanwhile = await send();
    expect([meanwhile.body, meanwhile.headers['retry-after']]).toMatchObject([{ status: 409, code: 'IDEMPOTENCY_KEY_BUSY', retryable: true }, '1']);
    await holder.query('ROLLBACK');
    await holder.end();
    const done = await first;
    expect([done.status, (await send()).body]).toEqual([200, done.body]);
  });

  it('refuse cursors that were changed', async () => {
    const { body: { nextCursor } } = await program.get('/people?limit=1');
    const cursor = String(nextCursor);
    const [sort, value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string, string];
    const forged = [['newest', value, id], [sort, null, id], [sort, `${value}\u0000`, id], [sort, value, `${id}'`], [sort, 7, id], [sort], {}].map((one) => Buffer.from(JSON.stringify(one)).toString('base64url'));
    for (const each of [...forged, 'x', cursor.slice(0, -5), cursor.slice(3), `${cursor}${cursor}`, 'x'.repeat(3_000)]) {
      expect((await program.get(`/people?limit=1&after=${encodeURIComponent(each)}`)).body).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    }
    expect((await program.get(`/people?limit=1&after=${cursor}`)).status).toBe(200);
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'sort=salary', 'order=asc', 'text=%00', 'companyId=1']) expect((await program.get(`/people?${query}`)).status).toBe(400);
  });

  it('end when the calls are used up', async () => {
    const busy = await RestBench.withScopes(owner, ['people.read']);
    const { headers } = await busy.get('/people?limit=1');
    expect(headers['ratelimit']).toMatch(/^"rest";r=599;t=\d+$/);
    await perch.database.query("UPDATE rate_limit SET points = 600 WHERE key LIKE 'rest:%' AND points = 1");
    const refused = await busy.get('/people?limit=1');
    expect([refused.status, refused.body['code']]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(refused.headers).toMatchObject({ 'ratelimit-policy': '"rest";q=600;w=60', 'ratelimit': expect.stringMatching(/^"rest";r=0;t=\d+$/), 'retry-after': expect.stringMatching(/^\d+$/) });
    expect((await program.get('/people?limit=1')).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { addMember, demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { DEMO, startPerch, type Perch, type Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

describe.each<Shape>(SHAPES)('background jobs over REST, in the shape %s', (shape) => {
  let perch: Perch;
  let owner: Client;
  let workspace: string;
  let key: string;

  beforeAll(async () => {
    perch = await startPerch(shape);
    owner = await new Client(perch.address).signIn();
    workspace = await demoWorkspace(perch.database);
    key = await keyWith('background-jobs.read', 'background-jobs.retry', 'background-jobs.change', 'background-jobs.payload');
  });
  afterAll(() => perch.stop());

  async function keyWith(...scopes: string[]): Promise<string> {
    const { data } = await owner.graphql<{ createApiKey: { token: string } }>(
      'mutation ($scopes: [String!]!) { createApiKey(input: { name: "monitor", scopes: $scopes, days: 1 }) { token } }', { scopes });
    return data.createApiKey.token;
  }
  const get = (path: string, token = key): request.Test => request(perch.address).get(`/api/background-jobs${path}`).set('authorization', `Bearer ${token}`);
  const post = (path: string, body?: object, token = key): request.Test => request(perch.address).post(`/api/background-jobs${path}`).set('authorization', `Bearer ${token}`).send(body);

  it('lists, filters and reads on', async () => {
    await insertJobRows(perch.database, workspace, Array.from({ length: 3 }, (_, index) => ({ type: 'listed', state: index === 0 ? 'dead' : 'done', errorMessage: `a'b%${index}`, created: 60 + index })));
    const first = await get('?type=listed&first=2');
    expect([first.status, first.body.backgroundJobs.length, first.body.hasNextPage]).toEqual([200, 2, true]);
    const rest = await get(`?type=listed&first=2&after=${first.body.endCursor}`);
    expect([rest.body.backgroundJobs.length, rest.body.hasNextPage]).toEqual([1, false]);
    expect((await get('?type=listed&state=dead,paused')).body.backgroundJobs).toHaveLength(1);
    expect((await get(`?type=listed&text=${encodeURIComponent("'B%1")}`)).body.backgroundJobs).toHaveLength(1);
    const wrong = await get('?state=asleep');
    expect([wrong.status, wrong.body.code, wrong.headers['content-type']]).toEqual([400, 'INVALID_INPUT', 'application/problem+json; charset=utf-8']);
    expect((await get('?after=x')).body).toMatchObject({ code: 'INVALID_INPUT', field: 'after' });
  });

  it('shows one with its history', async () => {
    const [id] = await insertJobRows(perch.database, workspace, [{ type: 'shown', payload: { secret: 'x', plain: 1 } }]);
    expect((await get(`/${id}`)).body).toMatchObject({ id, state: 'done', payload: { secret: '[hidden]', plain: 1 }, attemptLog: [], steps: [], logs: [], timeline: [{ label: 'Created' }, { label: 'Done' }] });
    expect((await get(`/${id}`, await keyWith('background-jobs.read'))).body.payload).toBeNull();
    expect((await get(`/${randomUUID()}`)).status).toBe(404);
    expect((await get('/no-id')).body.code).toBe('NOT_FOUND');
  });

  it('changes a job once for a key', async () => {
    const [id] = await insertJobRows(perch.database, workspace, [{ type: 'changed', state: 'dead' }]);
    const discard = (reason: string): request.Test => post(`/${id}/discard`, { reason }).set('idempotency-key', `${shape} discard`);
    const answers = [await discard('Old.'), await discard('Old.')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]!.body).toEqual(answers[0]!.body);
    expect(answers[0]!.body).toMatchObject({ id, state: 'discarded', discardReason: 'Old.' });
    expect((await discard('Another.')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const again = await post(`/${id}/discard`, { reason: 'Old.' });
    expect([again.status, again.body.code]).toEqual([409, 'JOB_STATE']);
  });

  it('pauses, resumes, moves and cancels', async () => {
    const [id] = await insertJobRows(perch.database, workspace, [{ type: 'analyzeResume', state: 'queued', due: -9_000, started: null, finished: null, attempts: 0 }]);
    expect((await post(`/${id}/pause`)).body.state).toBe('paused');
    expect((await post(`/${id}/resume`)).body.state).toBe('queued');
    expect((await post(`/${id}/reschedule`, { at: '2026-12-30T10:00:00+01:00' })).body.runAt).toBe('2026-12-30T09:00:00.000Z');
    expect((await post(`/${id}/reschedule`, { at: 'soon' })).body).toMatchObject({ code: 'INVALID_INPUT', field: 'at' });
    expect((await post(`/${id}/cancel`).set('idempotency-key', `${shape} cancel`)).body.state).toBe('cancelled');
    expect((await post(`/${id}/explode`)).status).toBe(404);
    expect((await request(perch.address).put(`/api/background-jobs/${id}`)).status).toBe(405);
  });

  it('changes many and tells how many', async () => {
    await insertJobRows(perch.database, workspace, Array.from({ length: 120 }, () => ({ type: 'bulk', state: 'dead' })));
    expect((await get('/matches?action=discard&type=bulk')).body).toEqual({ matches: 120 });
    const begin = (): request.Test => post('/bulk', { action: 'discard', filter: { type: 'bulk' }, reason: 'Old.' }).set('idempotency-key', `${shape} bulk`);
    const [first, second] = [await begin(), await begin()];
    expect([first.status, second.body]).toEqual([202, first.body]);
    const done = await eventually('the bulk job ended', async () => {
      const { body } = await get(`/${first.body.backgroundJobId as string}`);
      return body.state === 'done' && (body as { result: object });
    });
    expect(done.result).toEqual({ changed: 120, refused: 0 });
    expect((await post('/bulk', { action: 'explode' })).body.code).toBe('INVALID_INPUT');
  });

  it('counts', async () => {
    await insertJobRows(perch.database, workspace, [{ type: 'counted' }, { type: 'counted', state: 'dead' }]);
    expect((await get('/statistics?type=counted&bucket=day')).body.types).toMatchObject([{ type: 'counted', finished: 2, failed: 1, failureRate: 0.5 }]);
    expect((await get('/queue')).body).toMatchObject({ running: expect.any(Number), due: expect.any(Number) });
    expect((await get('/counts')).body.counts).toContainEqual({ state: 'dead', count: expect.any(Number) });
  });

  it('keeps strangers and narrow keys out', async () => {
    const [id] = await insertJobRows(perch.database, workspace, [{ type: 'kept', state: 'dead' }]);
    const reader = await keyWith('background-jobs.read');
    expect((await post(`/${id}/retry`, {}, reader)).body.code).toBe('FORBIDDEN');
    expect((await post('/bulk', { action: 'retry' }, reader)).body.code).toBe('FORBIDDEN');
    expect((await get('', await keyWith('applications.read'))).status).toBe(403);
    expect((await request(perch.address).get('/api/background-jobs')).status).toBe(401);
    const { email } = await addMember(perch.database, 'owner');
    const { body } = await request(perch.address).post('/api/auth/sign-in').send({ email, password: DEMO.password, as: 'token' });
    expect((await get('?type=kept', body.token as string)).body.backgroundJobs).toEqual([]);
    expect((await get(`/${id}`, body.token as string)).status).toBe(404);
    expect((await post(`/${id}/discard`, { reason: 'x' }, body.token as string)).status).toBe(404);
  });
});

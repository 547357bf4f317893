import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { addMember, demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { DEMO, startPerch, type Perch, type Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';
import { StreamReader } from './stream-reader.js';

interface Opened {
  readonly response: IncomingMessage;
  text(): string;
  readonly closed: Promise<unknown>;
}

interface Page {
  readonly runEvents: { readonly events: { sequence: number; kind: string; at: string; data: object }[]; readonly state: string; readonly ended: boolean };
}
const PAGE = 'query ($run: ID!, $after: Int!, $first: Int) { runEvents(runId: $run, after: $after, first: $first) { events { sequence kind at data } state ended } }';

describe.each<Shape>(SHAPES)('the stream of events, in the shape %s', (shape) => {
  let perch: Perch;
  let workspace: string;
  let token: string;
  let run: string;

  beforeAll(async () => {
    perch = await startPerch(shape, async () => ({ PERCH_STREAM_SECONDS: '4', PERCH_STREAM_HEARTBEAT_SECONDS: '1' }));
    workspace = await demoWorkspace(perch.database);
    token = await tokenOf(DEMO.email);
  });
  beforeEach(async () => {
    run = await runningJob();
  });
  afterAll(() => perch.stop());

  async function tokenOf(email: string): Promise<string> {
    const { body } = await new Client(perch.address).post('/api/auth/sign-in', { email, password: DEMO.password, as: 'token' });
    return (body as { token: string }).token;
  }

  async function runningJob(workspaceId = workspace): Promise<string> {
    const [id] = await insertJobRows(perch.database, workspaceId, [{ state: 'running', finished: null }]);
    await perch.database.query("UPDATE background_job SET lease_until = now() + interval '1 hour' WHERE id = $1", [id]);
    return id!;
  }
  const tell = (from: number, to: number, id = run): Promise<object[]> => perch.database.query(
    `INSERT INTO run_event (workspace_id, background_job_id, sequence, kind, data) SELECT workspace_id, id, n, 'told', jsonb_build_object('n', n) FROM background_job, generate_series($2::int, $3::int) n WHERE id = $1`, [id, from, to]);
  const finish = (): Promise<object[]> => perch.database.query("UPDATE background_job SET state = 'done', finished_at = now(), lease_until = NULL WHERE id = $1", [run]);

  const open = (query = `run=${run}`, headers: Record<string, string> = {}, by = token): Promise<Opened> => new Promise((done, fail) => {
    get(`${perch.address}/api/events?${query}`, { agent: false, headers: { authorization: `Bearer ${by}`, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('error', () => undefined);
      done({ response, text: () => text, closed: new Promise((end) => response.once('close', end)) });
    }).once('error', fail);
  });
  const has = (opened: Opened, part: string): Promise<boolean> => eventually(`the stream says ${part}`, async () => opened.text().includes(part));
  const answer = async (...given: Parameters<typeof open>): Promise<[number, string]> => {
    const opened = await open(...given);
    if (opened.response.statusCode === 200) opened.response.destroy();
    await opened.closed;
    return [opened.response.statusCode!, opened.response.statusCode === 200 ? '' : (JSON.parse(opened.text()) as { code: string }).code];
  };

  it('is for those who may see the run', async () => {
    const [interviewer, stranger] = [await addMember(perch.database, 'interviewer', workspace), await addMember(perch.database, 'owner')];
    expect(await answer(undefined, {}, 'nonsense')).toEqual([401, 'UNAUTHENTICATED']);
    expect(await answer(undefined, {}, await tokenOf(interviewer.email))).toEqual([403, 'FORBIDDEN']);
    expect(await answer(undefined, {}, await tokenOf(stranger.email))).toEqual([404, 'NOT_FOUND']);
    expect(await answer(`run=${randomUUID()}`)).toEqual([404, 'NOT_FOUND']);
    const member = await addMember(perch.database, 'recruiter', workspace);
    const expired = await tokenOf(member.email);
    expect(await answer(undefined, {}, expired)).toEqual([200, '']);
    await perch.database.query("UPDATE session SET expires_at = now() - interval '1 second' WHERE user_id = (SELECT id FROM user_account WHERE email = $1)", [member.email]);
    expect(await answer(undefined, {}, expired)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('refuses what it does not understand', async () => {
    for (const query of ['', 'run=1', `run=${run}&after=-1`, `run=${run}&after=x`, `run=${run}&after=1.5`]) expect(await answer(query)).toEqual([400, 'INVALID_INPUT']);
    expect(await answer(undefined, { 'last-event-id': "1' OR 1=1" })).toEqual([400, 'INVALID_INPUT']);
    expect((await new Client(perch.address).useToken(token).post('/api/events', {})).status).toBe(405);
  });

  it('tells what was, comes and ends', async () => {
    await tell(1, 3);
    const opened = await open(`run=${run}&after=1`, { 'accept-encoding': 'gzip, br' });
    expect(opened.response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
    expect(opened.response.headers['content-encoding']).toBeUndefined();
    await has(opened, 'id: 3\n');
    await tell(4, 4);
    await has(opened, 'id: 4\n');
    await finish();
    await opened.closed;
    expect(opened.text()).toMatch(/^retry: 1000\n\nid: 2\ndata: \{"sequence":2,"at":"[^"]+Z","kind":"told","data":\{"n":2\}\}\n\nid: 3\n/);
    expect(opened.text()).toMatch(/event: end\ndata: \{"state":"done"\}\n\n$/);
    expect((await open(`run=${run}&after=1`, { 'last-event-id': '3' }).then(async (again) => again.closed.then(() => again.text()))).match(/^id: .*$/gm)).toEqual(['id: 4']);
  });

  it('shows that it lives and closes in time', async () => {
    const begun = performance.now();
    const opened = await open();
    await opened.closed;
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(3_000);
    expect(took).toBeLessThan(7_000);
    expect(opened.text().match(/: heartbeat\n\n/g)!.length).toBeGreaterThanOrEqual(2);
    expect(opened.text()).toMatch(/event: reconnect\ndata: \{"reason":"limit"\}\n\n$/);
  });

  it('gives everything back after a disconnect', async () => {
    const begun = performance.now();
    const all = await Promise.all(Array.from({ length: 8 }, () => open()));
    expect(performance.now() - begun).toBeLessThan(3_000);
    await Promise.all(all.map((opened) => has(opened, 'retry')));
    expect(await answer()).toEqual([429, 'TOO_MANY_STREAMS']);
    const connections = async (): Promise<{ all: number; busy: number }> => (await perch.database.query<{ all: number; busy: number }>(
      "SELECT count(*)::int AS all, count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS busy FROM pg_stat_activity WHERE datname = current_database() AND usename = 'perch_web'"))[0]!;
    expect((await connections()).all).toBeLessThanOrEqual(5);
    for (const { response } of all) response.destroy();
    await eventually('there is a place again', async () => (await answer())[0] === 200);
    await eventually('no connection is left over', async () => (await connections()).all === 0);
  });

  it('does not read ahead of a slow reader', async () => {
    await perch.database.query(
      `INSERT INTO run_event (workspace_id, background_job_id, sequence, kind, data) SELECT $2, $1, n, 'told', jsonb_build_object('x', repeat('x', 8000)) FROM generate_series(1, 3000) n`, [run, workspace]);
    await finish();
    const reader = new StreamReader(perch.address, token, run);
    const stuck = await open();
    stuck.response.pause();
    const opened = await open(`run=${await runningJob()}`);
    await reader.ended();
    expect(reader.numbers).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    // The rest of 24 MB waits in the database, and who has not read when the stream's time is over is given up. That of the stuck one is over before that of the one opened after it.
    await opened.closed;
    stuck.response.resume();
    await stuck.closed;
    expect(opened.text()).toContain('"reason":"limit"');
    expect(stuck.text().slice(-100)).not.toContain('event: end');
  });

  it('has a twin in GraphQL', async () => {
    await tell(1, 5);
    const client = new Client(perch.address).useToken(token);
    const page = async (after: number, first: number): Promise<Page['runEvents']> => (await client.graphql<Page>(PAGE, { run, after, first })).data.runEvents;
    expect(await page(0, 2)).toMatchObject({ events: [{ sequence: 1, kind: 'told', data: { n: 1 } }, { sequence: 2 }], state: 'running', ended: false });
    await finish();
    expect(await page(2, 3)).toMatchObject({ events: [{ sequence: 3 }, { sequence: 4 }, { sequence: 5 }], state: 'done', ended: false });
    expect(await page(5, 3)).toMatchObject({ events: [], ended: true });
    const wrong = async (variables: object): Promise<string> => (await client.graphql(PAGE, { run, after: 0, first: 5, ...variables })).errors![0]!.extensions.code;
    expect([await wrong({ after: -1 }), await wrong({ first: 201 }), await wrong({ run: randomUUID() })]).toEqual(['INVALID_INPUT', 'INVALID_INPUT', 'NOT_FOUND']);
  });
});

describe('a process that is told to stop', () => {
  it('sends readers away at once', async () => {
    const perch = await startPerch('process', async () => ({ JOB_TRANSPORT: 'in-process' }));
    const [id] = await insertJobRows(perch.database, await demoWorkspace(perch.database), [{ state: 'running', finished: null }]);
    await perch.database.query("UPDATE background_job SET lease_until = now() + interval '1 hour'");
    const { body } = await new Client(perch.address).post('/api/auth/sign-in', { ...DEMO, as: 'token' });
    const reader = new StreamReader(perch.address, (body as { token: string }).token, id!);
    await eventually('the stream is open', async () => reader.control.length > 0);
    const begun = performance.now();
    await perch.stop();
    expect(performance.now() - begun).toBeLessThan(8_000);
    expect(reader.control).toContain('reconnect');
    await reader.stop();
  });
});

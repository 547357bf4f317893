import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addMember, demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { Client, type GraphQLAnswer } from '../support/client.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

interface Listed {
  readonly backgroundJobs: { nodes: { id: string; type: string; state: string }[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } };
}

const LIST = `query ($filter: BackgroundJobFilter, $order: BackgroundJobOrder! = NEWEST, $first: Int, $after: String) {
  backgroundJobs(filter: $filter, order: $order, first: $first, after: $after) { totalCount nodes { id type state } pageInfo { endCursor hasNextPage } } }`;
const ONE = `query ($id: ID!) { backgroundJob(id: $id) { id state payload result parent { id } children(first: 5) { nodes { id } totalCount }
  attemptLog { number outcome } steps { name state result } timeline { kind label outcome } logs(first: 2) { nodes { message } totalCount pageInfo { endCursor hasNextPage } } } }`;

describe('monitoring of background jobs', () => {
  let perch: Perch;
  let owner: Client;
  let workspace: string;

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
    workspace = await demoWorkspace(perch.database);
  });
  afterAll(() => perch.stop());

  const as = async (role: string, inside?: string): Promise<Client> => {
    const { email } = await addMember(perch.database, role, inside);
    return new Client(perch.address).signIn(email, DEMO.password);
  };
  const list = (variables: object, client = owner): Promise<GraphQLAnswer<Listed>> => client.graphql<Listed>(LIST, variables);
  const ids = async (filter: object, order = 'NEWEST', client = owner): Promise<string[]> => (await list({ filter, order }, client)).data.backgroundJobs.nodes.map(({ id }) => id);
  const plant = (rows: Parameters<typeof insertJobRows>[2]): Promise<string[]> => insertJobRows(perch.database, workspace, rows);
  const codeOf = ({ errors }: GraphQLAnswer<unknown>): string | undefined => errors?.[0]?.extensions.code;

  it('filters by state, type, key and time', async () => {
    const [dead, paused, old] = await plant([
      { type: 'filtered', state: 'dead', dedupeKey: 'key 1' }, { type: 'filtered', state: 'paused', finished: null }, { type: 'filtered', created: 9_000 },
    ]);
    expect(await ids({ type: 'filtered', states: ['dead', 'paused'] }, 'OLDEST')).toEqual([dead, paused].sort());
    expect(await ids({ key: 'key 1' })).toEqual([dead]);
    expect(await ids({ type: 'filtered', createdBefore: new Date(Date.now() - 3_600_000) })).toEqual([old]);
    expect((await ids({ type: 'filtered', createdAfter: new Date(Date.now() - 3_600_000) })).sort()).toEqual([dead, paused].sort());
    expect(await ids({ type: 'filtered', kind: 'workflow' })).toEqual([]);
  });

  it('orders by time and by due time', async () => {
    const [second, first, done] = await plant([
      { type: 'ordered', state: 'queued', created: 30, due: -500, started: null, finished: null }, { type: 'ordered', state: 'queued', created: 20, due: -100, started: null, finished: null },
      { type: 'ordered', created: 10 },
    ]);
    expect(await ids({ type: 'ordered' })).toEqual([done, first, second]);
    expect(await ids({ type: 'ordered' }, 'OLDEST')).toEqual([second, first, done]);
    expect(await ids({ type: 'ordered' }, 'DUE')).toEqual([first, second]);
  });

  it('finds text literally', async () => {
    const [percent, score, quote] = await plant([
      { type: 'searched', errorMessage: 'at 100% of it' }, { type: 'searched', errorMessage: 'the a_b column' }, { type: 'searched', errorMessage: `it's "so" \\ here` },
    ]);
    expect(await ids({ type: 'searched', text: '%' })).toEqual([percent]);
    expect(await ids({ type: 'searched', text: '_' })).toEqual([score]);
    expect(await ids({ type: 'searched', text: `'s "SO" \\` })).toEqual([quote]);
    expect(codeOf(await list({ filter: { text: 'x'.repeat(201) } }))).toBe('INVALID_INPUT');
    expect(codeOf(await list({ filter: { text: 'a\u0000' } }))).toBe('INVALID_INPUT');
  });

  it('reads on by cursor and refuses changed ones', async () => {
    await plant(Array.from({ length: 5 }, (_, index) => ({ type: 'paged', created: 100 + index })));
    const first = (await list({ filter: { type: 'paged' }, first: 3 })).data.backgroundJobs;
    const rest = (await list({ filter: { type: 'paged' }, first: 3, after: first.pageInfo.endCursor })).data.backgroundJobs;
    expect(new Set([...first.nodes, ...rest.nodes].map(({ id }) => id)).size).toBe(5);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage, rest.totalCount]).toEqual([true, false, 5]);
    const [name, value, id] = JSON.parse(Buffer.from(first.pageInfo.endCursor, 'base64url').toString()) as [string, string, string];
    const forged = [[name, value, 'no id'], [name, 'never', id], [name, '2026-02-31 00:00:00+00', id], [name, null, id], ['due', value, id], [name, `${value}' OR 1=1`, id]];
    for (const parts of [...forged.map((parts) => JSON.stringify(parts)), 'no JSON']) {
      expect(codeOf(await list({ after: Buffer.from(parts).toString('base64url') }))).toBe('INVALID_INPUT');
    }
  });

  it('shows one job with all that happened', async () => {
    const [id] = await plant([{ type: 'whole', state: 'dead', attempts: 2, errorMessage: 'Broken.' }]);
    const children = await plant([{ parentId: id! }, { parentId: id! }]);
    await perch.database.query(`INSERT INTO job_attempt (id, workspace_id, background_job_id, number, outcome, started_at, finished_at)
      SELECT gen_random_uuid(), $1, $2, n, CASE n WHEN 1 THEN 'retry' ELSE 'dead' END, now() - make_interval(secs => 50 - n * 4), now() - make_interval(secs => 48 - n * 4) FROM generate_series(1, 2) n`, [workspace, id]);
    await perch.database.query(`INSERT INTO workflow_step (workspace_id, background_job_id, name, position, kind, state, result) VALUES ($1, $2, 'charge', 1, 'run', 'done', '{"apiKey": "x", "sum": 5}')`, [workspace, id]);
    await perch.database.query(`INSERT INTO job_log (workspace_id, background_job_id, fence, sequence, at, level, message) SELECT $1, $2, 1, n, now(), 'info', 'line ' || n FROM generate_series(1, 3) n`, [workspace, id]);
    const { backgroundJob } = (await owner.graphql<{ backgroundJob: { children: { totalCount: number }; logs: object; [name: string]: unknown } }>(ONE, { id })).data;
    expect(backgroundJob).toMatchObject({
      attemptLog: [{ number: 1, outcome: 'retry' }, { number: 2, outcome: 'dead' }], steps: [{ name: 'charge', state: 'done', result: { apiKey: '[hidden]', sum: 5 } }],
      children: { totalCount: 2 }, logs: { nodes: [{ message: 'line 3' }, { message: 'line 2' }], totalCount: 3, pageInfo: { hasNextPage: true } },
    });
    expect((backgroundJob['timeline'] as { kind: string }[]).map(({ kind }) => kind)).toEqual(['CREATED', 'WAIT', 'ATTEMPT', 'WAIT', 'ATTEMPT', 'STEP', 'END']);
    expect((await owner.graphql<{ backgroundJob: { parent: { id: string } } }>(ONE, { id: children[0] })).data.backgroundJob.parent.id).toBe(id);
  });

  it('hides secrets and whole payloads', async () => {
    const [id] = await plant([{ type: 'secretive', payload: { token: 'needle-1', deep: { clientSecret: 'needle-2', note: 'Bearer abcdefghijk' }, plain: 'visible' } }]);
    const payloadFor = async (client: Client): Promise<unknown> => (await client.graphql<{ backgroundJob: { payload: unknown } }>(ONE, { id })).data.backgroundJob.payload;
    expect(await payloadFor(owner)).toEqual({ token: '[hidden]', deep: { clientSecret: '[hidden]', note: 'Bearer [hidden]' }, plain: 'visible' });
    const recruiter = await as('recruiter', workspace);
    expect(await payloadFor(recruiter)).toBeNull();
    expect(await ids({ type: 'secretive', text: 'visible' })).toEqual([id]);
    expect(await ids({ type: 'secretive', text: 'visible' }, 'NEWEST', recruiter)).toEqual([]);
  });

  it('shows nothing to another workspace', async () => {
    const [id] = await plant([{ type: 'walled', state: 'dead' }]);
    const stranger = await as('owner');
    expect((await list({ filter: { type: 'walled' } }, stranger)).data.backgroundJobs.totalCount).toBe(0);
    expect((await stranger.graphql<{ backgroundJob: null }>(ONE, { id })).data.backgroundJob).toBeNull();
    expect(codeOf(await stranger.graphql('mutation ($id: ID!) { discardBackgroundJob(id: $id, reason: "x") { id } }', { id }))).toBe('NOT_FOUND');
    expect((await stranger.graphql<{ backgroundJobStatistics: unknown[]; backgroundJobQueue: object }>('{ backgroundJobStatistics { type } backgroundJobQueue { due running } }')).data)
      .toEqual({ backgroundJobStatistics: [], backgroundJobQueue: { due: 0, running: 0 } });
  });

  it('is refused to interviewers', async () => {
    const interviewer = await as('interviewer', workspace);
    expect(codeOf(await list({}, interviewer))).toBe('FORBIDDEN');
    expect(codeOf(await interviewer.graphql('{ backgroundJobQueue { due } }'))).toBe('FORBIDDEN');
    const manager = await as('hiring_manager', workspace);
    expect(codeOf(await list({}, manager))).toBeUndefined();
    expect(codeOf(await manager.graphql('mutation { bulkRetryBackgroundJobs(filter: {}) { id } }'))).toBe('FORBIDDEN');
    expect(codeOf(await manager.graphql('{ backgroundJobMatches(action: cancel) }'))).toBe('FORBIDDEN');
  });

  it('changes a job and notes who did', async () => {
    const [id] = await plant([{ type: 'analyzeResume', state: 'queued', due: -5_000, started: null, finished: null, attempts: 0 }]);
    const change = async (call: string): Promise<{ state: string; runAt: string }> => {
      const { data, errors } = await owner.graphql<{ job: { state: string; runAt: string } }>(`mutation ($id: ID!) { job: ${call} { state runAt } }`, { id });
      if (errors) throw new Error(errors[0]!.extensions.code);
      return data.job;
    };
    expect((await change('rescheduleBackgroundJob(id: $id, at: "2026-12-31T00:00:00Z")')).runAt).toBe('2026-12-31T00:00:00.000Z');
    expect((await change('pauseBackgroundJob(id: $id)')).state).toBe('paused');
    expect((await change('resumeBackgroundJob(id: $id)')).state).toBe('queued');
    expect((await change('cancelBackgroundJob(id: $id)')).state).toBe('cancelled');
    expect((await change('cancelBackgroundJob(id: $id)')).state).toBe('cancelled');
    await expect(change('pauseBackgroundJob(id: $id)')).rejects.toThrow('JOB_STATE');
    await expect(change('rescheduleBackgroundJob(id: $id, at: "2226-12-31T00:00:00Z")')).rejects.toThrow('INVALID_INPUT');
    await perch.database.query("UPDATE background_job SET state = 'dead' WHERE id = $1", [id]);
    await expect(change('discardBackgroundJob(id: $id, reason: " ")')).rejects.toThrow('INVALID_INPUT');
    expect((await change('discardBackgroundJob(id: $id, reason: "A test.")')).state).toBe('discarded');
    const audited = await perch.database.query<{ action: string; actor: string }>('SELECT action, actor_type AS actor FROM audit_event WHERE object_id = $1 ORDER BY at, id', [id]);
    expect(audited.map(({ action, actor }) => `${action} ${actor}`)).toEqual(['reschedule', 'pause', 'resume', 'cancel', 'discard'].map((action) => `background_job.${action} user`));
  });

  it('counts by type and hour', async () => {
    await plant([
      { type: 'measured', created: 110, started: 100, finished: 98 }, { type: 'measured', created: 130, started: 100, finished: 96, attempts: 3 },
      { type: 'measured', state: 'dead', created: 120, started: 100, finished: 97 }, { type: 'measured', finished: 200_000, started: 200_001, created: 200_002 },
    ]);
    const asked = '{ backgroundJobStatistics(type: "measured") { type finished failed retried failureRate waitP50 waitP95 durationP50 durationP95 buckets { finished } } }';
    const { backgroundJobStatistics: [figures] } = (await owner.graphql<{ backgroundJobStatistics: { failureRate: number; waitP50: number; durationP50: number; buckets: { finished: number }[] }[] }>(asked)).data;
    expect(figures).toMatchObject({ type: 'measured', finished: 3, failed: 1, retried: 2 });
    expect(figures!.failureRate).toBeCloseTo(1 / 3);
    expect([figures!.waitP50, figures!.durationP50].map((value) => Math.round(value / 1_000))).toEqual([20, 3]);
    expect(figures!.buckets.reduce((sum, { finished }) => sum + finished, 0)).toBe(3);
    expect(codeOf(await owner.graphql('{ backgroundJobStatistics(since: "2020-01-01T00:00:00Z", bucket: DAY) { type } }'))).toBe('INVALID_INPUT');
  });
});

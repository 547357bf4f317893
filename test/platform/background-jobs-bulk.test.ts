import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { demoWorkspace, insertJobRows } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { startPerch, type Perch } from '../support/perch.js';

interface Bulk {
  readonly state: string;
  readonly counters: { done: number; total: number; failed: number } | null;
  readonly result: { changed: number; refused: number } | null;
}

describe('changes of many background jobs', () => {
  let perch: Perch;
  let owner: Client;
  let workspace: string;

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
    workspace = await demoWorkspace(perch.database);
  });
  afterAll(() => perch.stop());

  async function begin(call: string): Promise<string> {
    const { data, errors } = await owner.graphql<{ job: { id: string } }>(`mutation { job: ${call} { id } }`);
    if (errors) throw new Error(JSON.stringify(errors));
    return data.job.id;
  }
  const bulk = async (id: string): Promise<Bulk> =>
    (await owner.graphql<{ backgroundJob: Bulk }>('query ($id: ID!) { backgroundJob(id: $id) { state counters result } }', { id })).data.backgroundJob;
  const ended = (id: string): Promise<Bulk> => eventually('the bulk job ended', async () => {
    const found = await bulk(id);
    return ['done', 'dead', 'cancelled'].includes(found.state) && found;
  });
  const inState = async (type: string, state: string): Promise<number> =>
    (await perch.database.query<{ count: number }>('SELECT count(*)::int AS count FROM background_job WHERE type = $1 AND state = $2', [type, state]))[0]!.count;

  it('put away what fits and nothing else', async () => {
    await insertJobRows(perch.database, workspace, [...Array.from({ length: 250 }, () => ({ type: 'away', state: 'dead' })), { type: 'away', state: 'done' }, { type: 'kept', state: 'dead' }]);
    expect((await owner.graphql<{ count: number }>('{ count: backgroundJobMatches(action: discard, filter: { type: "away" }) }')).data.count).toBe(250);
    const id = await begin('bulkDiscardBackgroundJobs(filter: { type: "away" }, reason: "The provider was down.")');
    expect(await ended(id)).toMatchObject({ state: 'done', counters: { done: 250, total: 250, failed: 0 }, result: { changed: 250, refused: 0 } });
    expect([await inState('away', 'discarded'), await inState('away', 'done'), await inState('kept', 'dead')]).toEqual([250, 1, 1]);
    expect(await perch.database.query("SELECT DISTINCT discard_reason AS reason FROM background_job WHERE type = 'away' AND state = 'discarded'")).toEqual([{ reason: 'The provider was down.' }]);
    expect(await perch.database.query("SELECT action, count(*)::int AS count FROM audit_event WHERE object_id = $1 OR changes->>'bulk' = $1::text GROUP BY action ORDER BY action", [id]))
      .toEqual([{ action: 'background_job.bulk_discard', count: 1 }, { action: 'background_job.discard', count: 250 }]);
  });

  it('count the jobs that refuse', async () => {
    await insertJobRows(perch.database, workspace, [{ type: 'unknownToThisVersion', state: 'dead' }, { type: 'unknownToThisVersion', state: 'dead' }]);
    const id = await begin('bulkRetryBackgroundJobs(filter: { type: "unknownToThisVersion" })');
    expect(await ended(id)).toMatchObject({ state: 'done', result: { changed: 0, refused: 2 } });
    const { data } = await owner.graphql<{ backgroundJob: { logs: { nodes: { message: string }[] } } }>('query ($id: ID!) { backgroundJob(id: $id) { logs { nodes { message } } } }', { id });
    expect(data.backgroundJob.logs.nodes[0]!.message).toMatch(/no longer knows the job/);
  });

  it('retry failed ones only unless told', async () => {
    const payload = { applicationId: '01a20d21-0000-7000-8000-00000000000a', documentId: '01a20d21-0000-7000-8000-00000000000b' };
    const [dead, cancelled] = await insertJobRows(perch.database, workspace, [{ type: 'analyzeResume', state: 'dead', payload }, { type: 'analyzeResume', state: 'cancelled', payload }]);
    expect(await ended(await begin('bulkRetryBackgroundJobs(filter: { text: "01a20d21-0000-7000-8000-00000000000a" })'))).toMatchObject({ result: { changed: 1, refused: 0 } });
    await eventually('the job was tried again', async () => (await perch.database.query('SELECT 1 FROM job_attempt WHERE background_job_id = $1', [dead])).length > 0);
    expect(await perch.database.query('SELECT state FROM background_job WHERE id = $1', [cancelled])).toEqual([{ state: 'cancelled' }]);
  });

  it('cancel jobs with their children', async () => {
    const [parent] = await insertJobRows(perch.database, workspace, [{ type: 'family', state: 'waiting', due: -9_000, finished: null }]);
    await insertJobRows(perch.database, workspace, [{ type: 'child', state: 'queued', due: -9_000, started: null, finished: null, parentId: parent! }]);
    expect(await ended(await begin('bulkCancelBackgroundJobs(filter: { type: "family" })'))).toMatchObject({ result: { changed: 1, refused: 0 } });
    expect([await inState('family', 'cancelled'), await inState('child', 'cancelled')]).toEqual([1, 1]);
  });

  it('stop in the middle when cancelled', async () => {
    const ids = (await insertJobRows(perch.database, workspace, Array.from({ length: 3_000 }, () => ({ type: 'many', state: 'dead' })))).sort();
    const holder = new pg.Client({ connectionString: perch.database.ownerUrl });
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM background_job WHERE id = $1 FOR UPDATE', [ids[450]]);
    const id = await begin('bulkDiscardBackgroundJobs(filter: { type: "many" }, reason: "A test.")');
    await eventually('it stands before the row that is held', async () => (await bulk(id)).counters?.done === 400, 60_000);
    const cancelled = owner.graphql('mutation ($id: ID!) { cancelBackgroundJob(id: $id) { state } }', { id });
    await eventually('the cancel waits', async () => (await perch.database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")).length >= 2);
    await holder.query('COMMIT');
    await holder.end();
    await cancelled;
    const { state, counters } = await bulk(id);
    const changed = await inState('many', 'discarded');
    expect(state).toBe('cancelled');
    expect(counters).toEqual({ done: changed, total: 3_000, failed: 0 });
    expect(changed % 100).toBe(0);
    expect(changed).toBeLessThan(700);
  });

  it('refuse what cannot be done', async () => {
    const codeOf = async (call: string): Promise<string | undefined> => (await owner.graphql(`mutation { job: ${call} { id } }`)).errors?.[0]?.extensions.code;
    expect(await codeOf('bulkRetryBackgroundJobs(filter: { states: [done] })')).toBe('INVALID_INPUT');
    expect(await codeOf('bulkDiscardBackgroundJobs(filter: {}, reason: "")')).toBe('INVALID_INPUT');
    expect(await codeOf(`bulkCancelBackgroundJobs(filter: { text: "${'x'.repeat(300)}" })`)).toBe('INVALID_INPUT');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/infrastructure/database/database.js';
import { Office } from '../support/office.js';
import { RankingBench, WANTED } from './ranking-bench.js';

interface JobRow {
  readonly id: string;
  readonly state: string;
  readonly result: { readonly candidates: number; readonly written: number } | null;
}

describe('a ranking of candidates', () => {
  let office: Office;
  let bench: RankingBench;
  let teams = 0;

  beforeAll(async () => {
    office = await Office.open();
  });
  afterAll(() => office.close());
  beforeEach(async () => {
    bench = await RankingBench.open(office, `ranking-${++teams}`);
  });

  const jobs = (type = 'rankCandidates'): Promise<JobRow[]> =>
    office.database.query<JobRow>('SELECT id, state, result FROM background_job WHERE workspace_id = $1 AND type = $2 ORDER BY id', [bench.team.workspaceId, type]);
  const lastResult = async (): Promise<JobRow['result']> => (await jobs()).at(-1)!.result;
  const order = async (): Promise<string[]> => (await bench.list()).map(({ candidateId }) => candidateId);

  it('puts the best match first, with reasons', async () => {
    const some = await bench.candidate('Some', ['Wrote TypeScript for a bank']);
    const all = await bench.candidate('All', ['Wrote TypeScript for a bank', 'Tuned Postgres', 'Ran k8s']);
    const none = await bench.candidate('None', ['Cooked']);
    await bench.rank();
    expect(await order()).toEqual([all, some, none]);
    const [best, second] = await bench.list();
    expect(best).toMatchObject({ score: 100, scorerVersion: '2', flags: [] });
    expect(second!.parts.map(({ label, evidence }) => [label, evidence?.quote ?? null])).toEqual([
      ['TypeScript', 'Wrote TypeScript for a bank'], ['PostgreSQL', null], ['Kubernetes', null], ['Engineer', 'Engineer, Acme'], ['2 years of work', '2015 – Present'],
    ]);
    expect(await bench.state()).toMatchObject({ isRunning: false, candidateCount: 3, withoutTextCount: 0, rubricVersion: 1, isStale: false });
  });

  it('does not write again what is unchanged', async () => {
    await bench.candidate('One', ['TypeScript']);
    const [document] = await office.database.query<{ id: string }>('SELECT id FROM document WHERE workspace_id = $1', [bench.team.workspaceId]);
    await bench.rank();
    const [before] = await bench.list();
    await bench.rank();
    expect(await lastResult()).toMatchObject({ candidates: 1, written: 0 });
    expect((await bench.list())[0]).toEqual(before);
    await bench.read(document!.id, 'One', ['TypeScript', 'PostgreSQL']);
    await bench.rank();
    expect(await lastResult()).toMatchObject({ candidates: 1, written: 1 });
    expect((await bench.list())[0]!.score).toBeGreaterThan(before!.score);
  });

  it('is made again when the wishes change', async () => {
    await bench.candidate('One', ['Figma']);
    await bench.rank();
    await bench.change({ ...WANTED, criteria: [{ label: 'Sketch', necessity: 'must' }] });
    await bench.change({ ...WANTED, criteria: [{ label: 'Figma', necessity: 'must' }] });
    expect((await jobs()).map(({ state }) => state)).toEqual(['done', 'queued']);
    expect(await bench.state()).toMatchObject({ isStale: true, isRunning: true, rubricVersion: 1 });
    await bench.work();
    expect(await bench.state()).toMatchObject({ isStale: false, isRunning: false, rubricVersion: 2 });
    expect((await bench.list())[0]!.parts[0]).toMatchObject({ label: 'Figma', evidence: { quote: 'Figma' } });
  });

  it('goes by the same version for the same wishes', async () => {
    await bench.candidate('One', ['Figma']);
    await bench.rank();
    await bench.change({ ...WANTED, minimumYears: 9 });
    await bench.work();
    await bench.change(WANTED);
    await bench.work();
    expect(await bench.state()).toMatchObject({ rubricVersion: 1, isStale: false });
    expect(await office.database.query('SELECT version FROM scoring_rubric WHERE workspace_id = $1', [bench.team.workspaceId])).toHaveLength(2);
  });

  it('cannot be falsified later', async () => {
    await bench.rank();
    const change = office.get(Database).write(bench.rita, (manager) => manager.query("UPDATE scoring_rubric SET requirements = '{}'"));
    await expect(change).rejects.toThrow('permission denied');
  });

  it('is not begun by change where none was wanted', async () => {
    await bench.candidate('One', ['Figma']);
    await bench.change({ ...WANTED, minimumYears: 9 });
    expect(await jobs()).toEqual([]);
    expect(await jobs('matchCandidate')).toEqual([]);
    expect(await bench.state()).toBeNull();
  });

  it('takes in who was read later', async () => {
    await bench.rank();
    const late = await bench.candidate('Late', ['TypeScript']);
    await office.work('matchCandidate');
    expect(await order()).toEqual([late]);
    await office.database.query("UPDATE job_opening SET status = 'closed' WHERE id = $1", [bench.jobOpeningId]);
    await bench.candidate('Too late', ['TypeScript']);
    expect(await jobs('matchCandidate')).toHaveLength(1);
  });

  it('leaves out who was deleted', async () => {
    const gone = await bench.candidate('Gone', ['TypeScript']);
    const here = await bench.candidate('Here', []);
    await bench.rank();
    await office.database.query('UPDATE candidate SET deleted_at = now() WHERE id = $1', [gone]);
    expect(await order()).toEqual([here]);
    await bench.rank();
    expect(await office.database.query('SELECT id FROM candidate_match WHERE candidate_id = $1', [gone])).toEqual([]);
  });

  it('counts resumes that were never read', async () => {
    const id = await bench.candidate('Unread', []);
    await office.database.query('DELETE FROM document_text WHERE workspace_id = $1', [bench.team.workspaceId]);
    await bench.rank();
    expect(await order()).not.toContain(id);
    expect(await bench.state()).toMatchObject({ candidateCount: 0, withoutTextCount: 1 });
  });

  it('goes on in another invocation', async () => {
    await office.database.query(
      `WITH person AS (INSERT INTO person (id, workspace_id, display_name) SELECT gen_random_uuid(), $1, 'Somebody' FROM generate_series(1, 600) RETURNING id),
       candidate AS (INSERT INTO candidate (id, workspace_id, person_id, skills) SELECT id, $1, id, '{}' FROM person RETURNING id),
       document AS (INSERT INTO document (id, workspace_id, candidate_id, kind, file_name, mime_type, byte_size, sha256, storage_key, parsed)
         SELECT id, $1, id, 'resume', 'resume.txt', 'text/plain', 1, '', id::text, '{"basics":{"name":"A B","email":"","profiles":[]},"work":[],"education":[],"skills":[]}' FROM candidate RETURNING id)
       INSERT INTO document_text (document_id, workspace_id, lines) SELECT id, $1, E'A B\\nTypeScript for a bank' FROM document`, [bench.team.workspaceId]);
    await bench.start();
    await office.database.query("UPDATE background_job SET run_at = now() WHERE workspace_id = $1 AND state = 'queued'", [bench.team.workspaceId]);
    const [{ id }] = (await jobs()) as [JobRow];
    for (const ranked of [250, 500, 600]) {
      expect(await office.deliverWithin(bench.team.workspaceId, id, 4_000)).toMatchObject({ kind: 'yielded' });
      expect(await office.database.query<{ count: number }>('SELECT count(*)::int AS count FROM candidate_match WHERE workspace_id = $1', [bench.team.workspaceId])).toEqual([{ count: ranked }]);
      expect(await bench.state()).toMatchObject({ isRunning: true, progressPercent: Math.floor((ranked / 600) * 100), progressMessage: `${ranked} of 600 candidates` });
    }
    await bench.work();
    expect(await lastResult()).toMatchObject({ candidates: 600, written: 600 });
  });

  it('waits while another one of the job runs', async () => {
    await bench.start();
    await office.database.query("UPDATE background_job SET state = 'running', fence = 1, lease_until = now() + interval '1 hour' WHERE workspace_id = $1", [bench.team.workspaceId]);
    await bench.start();
    await office.database.query("UPDATE background_job SET run_at = now() WHERE workspace_id = $1 AND state = 'queued'", [bench.team.workspaceId]);
    expect(await office.deliver(bench.team.workspaceId, (await jobs())[1]!.id)).toEqual({ kind: 'parked' });
  });

  it('is read in pages of a stable order', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) ids.push(await bench.candidate(`Equal ${index}`, index % 2 === 0 ? ['TypeScript'] : []));
    await bench.rank();
    const whole = await order();
    expect([...whole].sort()).toEqual([...ids].sort());
    expect(await bench.pages(3)).toEqual(whole);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addMember, demoWorkspace } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';

const RETRY = 'mutation ($id: ID!, $step: String!) { retryBackgroundJobFromStep(id: $id, step: $step) { id } }';

describe('a stopped run of a workflow', () => {
  let perch: Perch;
  let owner: Client;
  let workspace: string;

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
    workspace = await demoWorkspace(perch.database);
  });
  afterAll(() => perch.stop());

  /** A run that failed at its third step; its subject is gone, so that it ends again soon after it goes on. */
  async function plant(state = 'dead'): Promise<string> {
    const id = randomUUID();
    await perch.database.query(
      `INSERT INTO background_job (id, workspace_id, type, kind, payload, state, max_attempts, attempts, fence, actor_type, started_at, finished_at)
       VALUES ($1, $2, 'candidateOutreach', 'workflow', '{}', $3, 4, 4, 4, 'system', now(), now())`, [id, workspace, state]);
    for (const [position, name] of ['one', 'two', 'three'].entries()) {
      await perch.database.query(`INSERT INTO workflow_step (workspace_id, background_job_id, name, position, kind, state, attempts) VALUES ($1, $2, $3, $4, 'run', 'done', 1)`, [workspace, id, name, position + 1]);
    }
    return id;
  }
  const steps = async (id: string): Promise<string[]> => (await perch.database.query<{ name: string }>('SELECT name FROM workflow_step WHERE background_job_id = $1 ORDER BY position', [id])).map(({ name }) => name);

  it('forgets the step and what followed it', async () => {
    const id = await plant();
    const { errors } = await owner.graphql(RETRY, { id, step: 'two' });
    expect(errors).toBeUndefined();
    expect((await steps(id)).slice(0, 2)).not.toContain('two');
    expect(await perch.database.query("SELECT changes->>'step' AS step FROM audit_event WHERE object_id = $1 AND action = 'background_job.retry_from_step'", [id])).toEqual([{ step: 'two' }]);
  });

  it('is retried over REST too', async () => {
    const id = await plant();
    const { body } = await owner.post(`/api/background-jobs/${id}/retry-from-step`, { step: 'three' });
    expect(body.id).toBe(id);
    expect(await steps(id)).not.toContain('three');
    expect((await owner.post(`/api/background-jobs/${id}/retry-from-step`, { step: '' })).body.code).toBe('INVALID_INPUT');
  });

  it('is left alone for whom may not and while it runs', async () => {
    const id = await plant();
    const { email } = await addMember(perch.database, 'interviewer', workspace);
    const interviewer = await new Client(perch.address).signIn(email, DEMO.password);
    expect((await interviewer.graphql(RETRY, { id, step: 'one' })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await owner.graphql(RETRY, { id, step: 'nothing' })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const running = await plant('running');
    expect((await owner.graphql(RETRY, { id: running, step: 'one' })).errors?.[0]?.extensions.code).toBe('JOB_STATE');
    expect(await steps(id)).toEqual(['one', 'two', 'three']);
  });
});

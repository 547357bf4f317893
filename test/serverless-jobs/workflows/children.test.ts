import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NonRetryableError } from '../../../src/serverless-jobs/definition/non-retryable-error.js';
import { JobControlService } from '../../../src/serverless-jobs/control/job-control.service.js';
import { ServerlessJobService } from '../../../src/serverless-jobs/serverless-job.service.js';
import { eventually } from '../../support/eventually.js';
import { childBehaviour, childJob, scripts, scriptWorkflow, WorkflowBench, type Script } from './workflow-bench.js';

const invoking = (label: string): Script => async (step) => ({ got: await step.invoke('child', childJob, { label }) });

describe('children of a workflow', () => {
  let bench: WorkflowBench;

  const childOf = async (id: string): Promise<string> =>
    (await bench.database.query<{ id: string }>('SELECT child_id AS id FROM workflow_step WHERE background_job_id = $1 AND child_id IS NOT NULL', [id]))[0]!.id;

  beforeAll(async () => {
    bench = await WorkflowBench.open();
  });
  afterAll(() => bench.close());

  it('give their result to the step', async () => {
    const id = await bench.start('result', invoking('result'));
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
    await bench.deliver(await childOf(id));
    expect(await bench.run(id)).toMatchObject({ state: 'queued' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { got: { label: 'result' } } });
  });

  it('that die throw into the workflow', async () => {
    childBehaviour.set('dies', async () => {
      throw new NonRetryableError('NO_USE', 'It is of no use.');
    });
    const caught: unknown[] = [];
    const id = await bench.start('dies', async (step) => {
      await invoking('dies')(step, undefined as never).catch((error: unknown) => caught.push(error));
    });
    await bench.deliver(id);
    expect(await bench.deliver(await childOf(id))).toMatchObject({ kind: 'dead' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(caught).toMatchObject([{ name: 'ChildFailedError', code: 'NO_USE', step: 'child', childId: await childOf(id) }]);
  });

  it('that are cancelled throw into the workflow', async () => {
    const id = await bench.start('cancelled', invoking('cancelled'));
    await bench.deliver(id);
    await bench.get(JobControlService).cancel(bench.context, await childOf(id));
    expect(await bench.run(id)).toMatchObject({ state: 'queued' });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'CHILD_CANCELLED' });
  });

  it('are cancelled with the workflow and begun anew', async () => {
    const id = await bench.start('whole tree', async (step) => ({ got: await step.invoke('child', scriptWorkflow, { script: 'inner' }) }));
    scripts.set('inner', async (step) => {
      await step.sleep('inner sleeps', 60_000);
      return { inner: true };
    });
    await bench.deliver(id);
    const first = await childOf(id);
    await bench.deliver(first);
    await bench.get(JobControlService).cancel(bench.context, id);
    expect(await bench.run(first)).toMatchObject({ state: 'cancelled' });
    await bench.get(JobControlService).retry(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    const second = await childOf(id);
    expect(second).not.toBe(first);
    await bench.deliver(second);
    expect(await bench.deliverDue(second)).toEqual({ kind: 'done' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { got: { inner: true } } });
  });

  it('are looked at when nobody told', async () => {
    const id = await bench.start('untold', invoking('untold'));
    await bench.deliver(id);
    await bench.database.query(`UPDATE background_job SET state = 'done', result = '{"silent": true}' WHERE id = $1`, [await childOf(id)]);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { got: { silent: true } } });
  });

  it('that ended during the suspension are seen', async () => {
    childBehaviour.set('quick', async () => ({ quick: true }));
    let begin = (): void => undefined;
    const opened = new Promise<void>((resolve) => (begin = resolve));
    const id = await bench.start('quick', async (step) => {
      const [got] = await step.all<unknown>([() => step.invoke('child', childJob, { label: 'quick' }), () => step.run('busy', () => opened)]);
      return { got: got as string };
    });
    const delivery = bench.deliver(id);
    await eventually('both steps have begun', async () => (await bench.steps(id)).length === 2);
    expect(await bench.deliver(await childOf(id))).toEqual({ kind: 'done' });
    begin();
    expect(await delivery).toEqual({ kind: 'yielded' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { got: { quick: true } } });
  });

  it('of somebody else are looked at often', async () => {
    const shared = await bench.get(ServerlessJobService).enqueue(bench.context, childJob, { label: 'shared' });
    const id = await bench.start('shared', invoking('shared'));
    await bench.deliver(id);
    expect(await childOf(id)).toBe(shared);
    expect((await bench.run(id)).wait).toBeLessThan(31);
    await bench.deliver(shared);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'done' });
  });

  it('are enqueued once when nobody waits', async () => {
    const ids: string[] = [];
    const id = await bench.start('enqueue', async (step) => {
      ids.push(await step.enqueue('job', childJob, { label: 'enqueued' }));
      await step.sleep('nap', 60_000);
    });
    await bench.deliver(id);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(ids[0]).toBe(ids[1]);
    expect(await bench.database.query("SELECT id, parent_id AS parent FROM background_job WHERE payload->>'label' = 'enqueued'")).toEqual([{ id: ids[0], parent: null }]);
  });

  it('with a wrong payload fail their step', async () => {
    const id = await bench.start('wrong', async (step) => {
      await step.enqueue('job', childJob, { label: 5 as unknown as string });
    });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'INVALID_JOB_PAYLOAD' });
    expect(await bench.steps(id)).toMatchObject([{ name: 'job', state: 'failed' }]);
  });
});

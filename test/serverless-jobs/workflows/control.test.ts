import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobControlService } from '../../../src/serverless-jobs/control/job-control.service.js';
import { WorkflowControlService } from '../../../src/serverless-jobs/control/workflow-control.service.js';
import { JobSweeper } from '../../../src/serverless-jobs/outbox/job-sweeper.js';
import { ServerlessJobService } from '../../../src/serverless-jobs/serverless-job.service.js';
import { eventually } from '../../support/eventually.js';
import { effect, gate, queueWorkflow, scripts, scriptWorkflow, WorkflowBench } from './workflow-bench.js';

const DAY = 86_400_000;

describe('the control of a workflow', () => {
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await WorkflowBench.open();
  });
  afterAll(() => bench.close());

  it('pauses it in a step and resumes', async () => {
    const stop = gate();
    const numbers: number[] = [];
    const id = await bench.start('pause', async (step) => {
      await step.run('first', effect('pause', 1));
      await step.run('second', async (attempt) => {
        numbers.push(attempt.number);
        if (numbers.length === 1) await stop.pass();
        return effect('pause', 2)(attempt);
      });
    });
    const delivery = bench.deliver(id);
    await stop.reached;
    await eventually('both steps have begun', async () => (await bench.steps(id)).length === 2);
    await bench.get(JobControlService).pause(bench.context, id);
    stop.open();
    expect(await delivery).toEqual({ kind: 'lost' });
    expect(await bench.deliver(id)).toEqual({ kind: 'settled' });
    expect(await bench.effects('pause')).toEqual([1]);
    await bench.get(JobControlService).resume(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.effects('pause')).toEqual([1, 2]);
    expect(numbers).toEqual([1, 1]);
  });

  it('keeps events for it while it is paused', async () => {
    const id = await bench.start('paused wait', async (step) => ({ got: await step.waitForEvent('wait', { event: 'while.paused', timeout: DAY }) }));
    await bench.deliver(id);
    await bench.get(JobControlService).pause(bench.context, id);
    await bench.send('while.paused', { kept: true });
    expect(await bench.run(id)).toMatchObject({ state: 'paused' });
    await bench.get(JobControlService).resume(bench.context, id);
    await bench.deliverNow(id);
    expect(await bench.run(id)).toMatchObject({ state: 'done', result: { got: { kept: true } } });
  });

  it('cancels it between and in steps', async () => {
    const stop = gate();
    const id = await bench.start('cancel', async (step) => {
      await step.run('first', async (attempt) => {
        await stop.pass();
        return effect('cancel')(attempt);
      });
    });
    const delivery = bench.deliver(id);
    await stop.reached;
    await bench.get(JobControlService).cancel(bench.context, id);
    stop.open();
    expect(await delivery).toEqual({ kind: 'lost' });
    expect(await bench.effects('cancel')).toEqual([]);
    const sleeping = await bench.start('cancel asleep', async (step) => step.sleep('nap', DAY));
    await bench.deliver(sleeping);
    await bench.get(JobControlService).cancel(bench.context, sleeping);
    expect(await bench.deliverDue(sleeping)).toEqual({ kind: 'settled' });
  });

  it('retries it from the step that failed', async () => {
    let [broken, caught] = [true, 0];
    const failing = async (): Promise<void> => {
      if (broken) throw new Error('broken');
    };
    const id = await bench.start('retry', async (step) => {
      await step.run('first', effect('retry'));
      await step.run('caught', async () => {
        caught++;
        throw new Error('always');
      }, { retries: 0 }).catch(() => undefined);
      await step.run('instead', effect('retry', 2));
      await step.all(['left', 'right'].map((name) => () => step.run(name, failing, { retries: 0 })));
    });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead' });
    broken = false;
    await bench.get(JobControlService).retry(bench.context, id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(caught).toBe(1);
    expect(await bench.effects('retry')).toEqual([1, 2]);
    expect((await bench.steps(id)).map(({ name, state, attempts }) => [name, state, attempts])).toEqual([
      ['first', 'done', 1], ['caught', 'failed', 1], ['instead', 'done', 1], ['left', 'done', 1], ['right', 'done', 1]]);
  });

  it('retries it from any step', async () => {
    const id = await bench.start('from step', async (step) => {
      const first = await step.run('first', effect('from step', 1));
      const child = await step.enqueue('job', scriptWorkflow, { script: 'nothing' });
      return { first, child, last: await step.run('last', effect('from step', 3)) };
    });
    await bench.deliver(id);
    const before = (await bench.run(id)).result;
    await bench.get(WorkflowControlService).retryFromStep(bench.context, id, 'job');
    expect(await bench.run(id)).toMatchObject({ state: 'queued', result: null });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.effects('from step')).toEqual([1, 3, 3]);
    expect((await bench.run(id)).result).not.toEqual(before);
  });

  it('cancels children of the steps done anew', async () => {
    scripts.set('long', async (step) => step.sleep('nap', DAY));
    const id = await bench.start('with child', async (step) => void (await step.invoke('child', scriptWorkflow, { script: 'long' })));
    await bench.deliver(id);
    await expect(bench.get(WorkflowControlService).retryFromStep(bench.context, id, 'child')).rejects.toMatchObject({ code: 'JOB_STATE' });
    await bench.get(JobControlService).pause(bench.context, id);
    await expect(bench.get(WorkflowControlService).retryFromStep(bench.context, id, 'unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await bench.get(WorkflowControlService).retryFromStep(bench.context, id, 'child');
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect((await bench.database.query<{ state: string }>('SELECT state FROM background_job WHERE parent_id = $1 ORDER BY id', [id])).map(({ state }) => state)).toEqual(['cancelled', 'queued']);
  });

  it('wakes it when its wait is overdue', async () => {
    const id = await bench.start('overdue', async (step) => step.sleep('nap', DAY));
    await bench.deliver(id);
    await bench.database.query("UPDATE background_job SET run_at = now() - interval '2 minutes', published_at = now() - interval '2 minutes' WHERE id = $1", [id]);
    expect(await bench.get(JobSweeper).sweepByReason()).toMatchObject({ 'wait overdue': 1 });
  });

  it('begins it again where a limit held it', async () => {
    const stop = gate();
    scripts.set('sleeper', async (step) => step.sleep('nap', DAY));
    scripts.set('busy', async (step) => step.run('busy', () => stop.pass()));
    const jobs = bench.get(ServerlessJobService);
    const sleeper = await jobs.enqueue(bench.context, queueWorkflow, { script: 'sleeper' });
    await bench.deliver(sleeper);
    const busy = await jobs.enqueue(bench.context, queueWorkflow, { script: 'busy' });
    const delivery = bench.deliver(busy);
    await stop.reached;
    expect(await bench.deliverDue(sleeper)).toEqual({ kind: 'parked' });
    stop.open();
    expect(await delivery).toEqual({ kind: 'done' });
    expect(await bench.database.query('SELECT state, parked FROM background_job WHERE id = $1', [sleeper])).toEqual([{ state: 'queued', parked: false }]);
    expect(await bench.deliver(sleeper)).toEqual({ kind: 'done' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemContext } from '../../../src/common/request-context.js';
import { WorkflowEvents } from '../../../src/serverless-jobs/workflows/workflow-events.service.js';
import type { JsonObject } from '../../../src/common/json.js';
import { eventually } from '../../support/eventually.js';
import { OTHER_WORKSPACE, WorkflowBench, type Script } from './workflow-bench.js';

const DAY = 86_400_000;

const waiting = (event: string, match?: JsonObject, timeout = DAY): Script => async (step) => ({ got: await step.waitForEvent('wait', { event, match, timeout }) });

describe('waits of a workflow', () => {
  let bench: WorkflowBench;
  const gotOf = async (id: string): Promise<unknown> => (await bench.run(id)).result?.got;

  beforeAll(async () => {
    bench = await WorkflowBench.open();
  });
  afterAll(() => bench.close());

  it('sleep by the clock of the database', async () => {
    const id = await bench.start('sleep', async (step) => {
      await step.sleep('nap', 3_600_000);
      await step.sleepUntil('until', new Date(Date.now() + 7_200_000));
      await step.sleepUntil('past', new Date(0));
    });
    await bench.deliver(id);
    expect((await bench.run(id)).wait).toBeCloseTo(3_600, -2);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
    await bench.deliverDue(id);
    expect((await bench.run(id)).wait).toBeCloseTo(7_200, -2);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'yielded' });
    expect(await bench.deliverNow(id)).toEqual({ kind: 'done' });
  });

  it('end with the event that comes', async () => {
    const id = await bench.start('comes', waiting('comes'));
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.run(id)).toMatchObject({ state: 'waiting', wait: expect.closeTo(86_400, -1) });
    await bench.send('comes', { number: 1 });
    await bench.send('comes', { number: 2 });
    expect(await bench.run(id)).toMatchObject({ state: 'queued' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual({ number: 1 });
  });

  it('find an event that came before', async () => {
    const id = await bench.start('before', waiting('before'));
    await bench.send('before', { early: true });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual({ early: true });
    const later = await bench.start('before', waiting('before'));
    expect(await bench.deliver(later)).toEqual({ kind: 'suspended' });
  });

  it('take only what matches', async () => {
    const id = await bench.start('match', waiting('match', { deal: { id: 7 } }));
    await bench.deliver(id);
    await bench.send('match', { deal: { id: 8 } });
    await bench.send('other', { deal: { id: 7 } });
    expect(await bench.run(id)).toMatchObject({ state: 'waiting' });
    await bench.send('match', { deal: { id: 7, name: 'Perch' } });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual({ deal: { id: 7, name: 'Perch' } });
  });

  it('never see events of another workspace', async () => {
    const id = await bench.start('foreign', waiting('foreign'));
    await bench.deliver(id);
    await bench.get(WorkflowEvents).send(systemContext(OTHER_WORKSPACE), 'foreign', {});
    expect(await bench.run(id)).toMatchObject({ state: 'waiting' });
    expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
  });

  it('of two runs take the same event', async () => {
    const ids = [await bench.start('both', waiting('both')), await bench.start('both', waiting('both'))];
    for (const id of ids) await bench.deliver(id);
    await bench.send('both', { once: true });
    for (const id of ids) {
      expect(await bench.deliver(id)).toEqual({ kind: 'done' });
      expect(await gotOf(id)).toEqual({ once: true });
    }
  });

  it('of one run take an event each', async () => {
    const id = await bench.start('each', async (step) => ({
      got: await step.all([1, 2].map((number) => () => step.waitForEvent(`wait ${number}`, { event: 'each', timeout: DAY }))),
    }));
    await bench.deliver(id);
    await bench.send('each', { number: 1 });
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    await bench.send('each', { number: 2 });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual([{ number: 1 }, { number: 2 }]);
  });

  it('end as null after their timeout', async () => {
    const id = await bench.start('timeout', waiting('timeout', undefined, 1));
    expect(await bench.deliver(id)).toEqual({ kind: 'yielded' });
    await bench.send('timeout', { late: true });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toBeNull();
  });

  it('take an event in the moment of the timeout', async () => {
    const id = await bench.start('just in time', waiting('just'));
    await bench.deliver(id);
    await bench.send('just', { inTime: true });
    await bench.database.query("UPDATE workflow_step SET due_at = (SELECT max(at) FROM workflow_event WHERE name = 'just') WHERE background_job_id = $1", [id]);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual({ inTime: true });
  });

  it('refuse an event just after the timeout', async () => {
    const id = await bench.start('just late', waiting('late'));
    await bench.deliver(id);
    await bench.send('late', { late: true });
    await bench.database.query("UPDATE workflow_step SET due_at = (SELECT max(at) FROM workflow_event WHERE name = 'late') - interval '1 microsecond' WHERE background_job_id = $1", [id]);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toBeNull();
  });

  it('do not miss an event while they begin', async () => {
    const id = await bench.start('begins', waiting('begins'));
    let delivery: Promise<unknown> | null = null;
    await bench.write(async (_manager, context) => {
      await bench.get(WorkflowEvents).send(context, 'begins', { held: true });
      delivery = bench.deliver(id);
      // The run can neither begin to wait nor suspend before this write has ended.
      expect(await Promise.race([delivery, new Promise((resolve) => setTimeout(resolve, 300, 'held up'))])).toBe('held up');
    });
    expect(await delivery).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual({ held: true });
  });

  it('do not miss an event while they suspend', async () => {
    let [arrive, go] = [(): void => undefined, (): void => undefined];
    const reached = new Promise<void>((resolve) => (arrive = resolve));
    const opened = new Promise<void>((resolve) => (go = resolve));
    const id = await bench.start('suspends', async (step) => {
      const [got] = await step.all<unknown>([
        () => step.waitForEvent('wait', { event: 'suspends', timeout: DAY }),
        () => step.run('busy', async () => {
          arrive();
          await opened;
        }),
      ]);
      return { got: got as JsonObject };
    });
    const delivery = bench.deliver(id);
    await reached;
    await eventually('both steps have begun', async () => (await bench.steps(id)).length === 2);
    await bench.write(async (_manager, context) => {
      await bench.get(WorkflowEvents).send(context, 'suspends', { seen: true });
      go();
      expect(await Promise.race([delivery, new Promise((resolve) => setTimeout(resolve, 300, 'held up'))])).toBe('held up');
    });
    expect(await delivery).toEqual({ kind: 'yielded' });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await gotOf(id)).toEqual({ seen: true });
  });

  it('vanish with the write that sent the event', async () => {
    const id = await bench.start('undone', waiting('undone'));
    await bench.deliver(id);
    await expect(bench.write(async (_manager, context) => {
      await bench.get(WorkflowEvents).send(context, 'undone', {});
      throw new Error('undone');
    })).rejects.toThrow('undone');
    expect(await bench.run(id)).toMatchObject({ state: 'waiting' });
    expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
  });

  it('end with the decision of an approval', async () => {
    const id = await bench.start('approval', async (step) => ({ got: (await step.waitForApproval('approval', { approvalId: 'a', timeout: DAY }))?.decision ?? null }));
    await bench.deliver(id);
    await bench.send('approval.decided', { approvalId: 'b', decision: 'rejected' });
    expect(await bench.run(id)).toMatchObject({ state: 'waiting' });
    await bench.send('approval.decided', { approvalId: 'a', decision: 'approved' });
    await bench.deliver(id);
    expect(await gotOf(id)).toBe('approved');
  });

  it('refuse what cannot be waited for', async () => {
    const id = await bench.start('for ever', async (step) => step.sleep('for ever', Number.POSITIVE_INFINITY));
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'INVALID_STEP' });
    await expect(bench.send('no name!', {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(bench.send('large', { text: 'x'.repeat(40_000) })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

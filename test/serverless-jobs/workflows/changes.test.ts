import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { effect, scripts, WorkflowBench, type Script } from './workflow-bench.js';

const DAY = 86_400_000;

const before: Script = async (step) => {
  await step.run('first', effect('before', 1));
  await step.sleep('night', DAY);
  await step.run('second', effect('before', 2));
};

describe('a changed workflow', () => {
  let bench: WorkflowBench;

  /** A run that sleeps, whose function is then replaced as by a deployment. */
  const changed = async (name: string, script: Script): Promise<string> => {
    const id = await bench.start(name, before);
    await bench.deliver(id);
    scripts.set(name, script);
    return id;
  };

  beforeAll(async () => {
    bench = await WorkflowBench.open();
  });
  afterAll(() => bench.close());

  it('may have more steps at its end', async () => {
    const id = await changed('longer', async (step, run) => {
      await before(step, run);
      await step.run('third', effect('longer'));
    });
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(await bench.effects('longer')).toEqual([1]);
  });

  it('without a step is noticed', async () => {
    const id = await changed('removed', async (step) => {
      await step.sleep('night', DAY);
      await step.run('second', effect('removed'));
    });
    const outcome = await bench.deliverDue(id);
    expect(outcome).toMatchObject({ kind: 'dead', code: 'WORKFLOW_CHANGED' });
    expect((await bench.run(id)).message).toMatch(/no longer asks for the step "first".* wants to begin the step "second"\. .*retry the run/);
    expect(await bench.effects('removed')).toEqual([]);
  });

  it('with a renamed step is noticed', async () => {
    const id = await changed('renamed', async (step) => {
      await step.run('renamed', effect('renamed'));
      await step.sleep('night', DAY);
    });
    expect(await bench.deliverDue(id)).toMatchObject({ kind: 'dead', code: 'WORKFLOW_CHANGED' });
    expect(await bench.effects('renamed')).toEqual([]);
  });

  it('with a step put between is noticed', async () => {
    const id = await changed('between', async (step) => {
      await step.run('first', effect('between', 1));
      await step.run('between', effect('between', 2));
      await step.sleep('night', DAY);
    });
    expect(await bench.deliverDue(id)).toMatchObject({ kind: 'dead', code: 'WORKFLOW_CHANGED' });
    expect(await bench.effects('between')).toEqual([]);
  });

  it('with another kind of step is noticed', async () => {
    const id = await changed('kind', async (step) => {
      await step.run('first', async () => undefined);
      await step.run('night', effect('kind'));
    });
    expect(await bench.deliverDue(id)).toMatchObject({ kind: 'dead', code: 'WORKFLOW_CHANGED', message: expect.stringContaining('"night" was of the kind "sleep"') });
    expect(await bench.effects('kind')).toEqual([]);
  });

  it('that ends too early is noticed', async () => {
    const id = await changed('early', async () => ({ early: true }));
    expect(await bench.deliverDue(id)).toMatchObject({ kind: 'dead', code: 'WORKFLOW_CHANGED', message: expect.stringContaining('and returned') });
  });

  it('may tell its versions apart', async () => {
    const script: Script = async (step, run) => {
      if (run.version >= 2) await step.run('new first', async () => undefined);
      await before(step, run);
    };
    const id = await bench.start('apart', script);
    await bench.database.query('UPDATE background_job SET definition_version = 1 WHERE id = $1', [id]);
    await bench.deliver(id);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect((await bench.steps(id)).map(({ name }) => name)).toEqual(['first', 'night', 'second']);
  });

  it('of a newer version is left alone', async () => {
    const id = await bench.start('newer', before);
    await bench.database.query('UPDATE background_job SET definition_version = 3 WHERE id = $1', [id]);
    for (let delivery = 0; delivery < 5; delivery++) expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
    expect(await bench.run(id)).toMatchObject({ state: 'waiting', attempts: 0, wait: expect.closeTo(30, 0) });
    expect(await bench.steps(id)).toEqual([]);
    await bench.database.query('UPDATE background_job SET definition_version = 2 WHERE id = $1', [id]);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
    expect(await bench.steps(id)).toHaveLength(2);
  });

  it('cannot ask twice for a step', async () => {
    const id = await bench.start('twice', async (step) => {
      await step.run('same', effect('twice'));
      await step.run('same', effect('twice')).catch(() => undefined);
    });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'DUPLICATE_STEP' });
    expect(await bench.effects('twice')).toEqual([1]);
  });

  it('cannot hide a step in a step', async () => {
    const id = await bench.start('nested', async (step) => {
      await step.run('outer', async () => step.run('inner', effect('nested')));
    });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'NESTED_STEP' });
    expect(await bench.effects('nested')).toEqual([]);
  });

  it('cannot have more than 1,000 steps', async () => {
    const id = await bench.start('endless', async (step) => {
      await step.all(Array.from({ length: 1_001 }, (_, number) => () => step.run(`step ${number}`, async () => undefined)));
    });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'TOO_MANY_STEPS' });
    expect(await bench.steps(id)).toEqual([]);
  });
});

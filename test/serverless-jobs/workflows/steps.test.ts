import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { NonRetryableError } from '../../../src/serverless-jobs/definition/non-retryable-error.js';
import { RetryLaterError } from '../../../src/serverless-jobs/definition/retry-later-error.js';
import { eventually } from '../../support/eventually.js';
import { effect, gate, WorkflowBench } from './workflow-bench.js';

const DAY = 86_400_000;

describe('steps of a workflow', () => {
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await WorkflowBench.open();
  });
  afterAll(() => bench.close());

  it('run once each and are remembered', async () => {
    let calls = 0;
    const id = await bench.start('memo', async (step) => {
      const first = await step.run('first', async () => ({ call: ++calls, at: new Date(0) as unknown as string }));
      await step.sleep('night', DAY);
      const nothing = await step.run('nothing', async () => undefined);
      return { ...first, nothing: nothing === undefined, second: await step.run('second', effect('memo', 2)) };
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.run(id)).toMatchObject({ state: 'waiting', attempts: 0, progress: 'night', wait: expect.closeTo(86_400, -1) });
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ state: 'done', result: { call: 1, at: '1970-01-01T00:00:00.000Z', nothing: true, second: 2 } });
    expect(await bench.effects('memo')).toEqual([2]);
    expect((await bench.steps(id)).map(({ name, kind, state }) => [name, kind, state])).toEqual([['first', 'run', 'done'], ['night', 'sleep', 'done'], ['nothing', 'run', 'done'], ['second', 'run', 'done']]);
  });

  it('have one effect under concurrent deliveries', async () => {
    const id = await bench.start('storm', async (step) => {
      for (const number of [1, 2, 3]) await step.run(`effect ${number}`, effect('storm', number));
    });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => bench.deliver(id)));
    expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(await bench.effects('storm')).toEqual([1, 2, 3]);
  });

  it('roll effect and result back together', async () => {
    const id = await bench.start('rolled back', async (step) => {
      await step.run('both', (attempt) => attempt.complete(async (manager) => {
        await manager.query("INSERT INTO effect VALUES ('rolled back', $1)", [attempt.number]);
        if (attempt.number === 1) throw new Error('after the effect');
        return attempt.number;
      }));
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.effects('rolled back')).toEqual([]);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(await bench.effects('rolled back')).toEqual([2]);
  });

  it('keep what they completed before failing', async () => {
    const id = await bench.start('late failure', async (step) => ({
      number: await step.run('only', async (attempt) => {
        await effect('late failure', 7)(attempt);
        throw new Error('too late');
      }),
    }));
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { number: 7 } });
  });

  it('keep their idempotency key over attempts', async () => {
    const keys: string[] = [];
    const id = await bench.start('keys', async (step) => {
      await step.run('call', async (attempt) => {
        keys.push(`${attempt.number} ${attempt.idempotencyKey}`);
        if (attempt.number < 3) throw new Error('no answer');
      });
    });
    await bench.deliver(id);
    expect(await bench.steps(id)).toMatchObject([{ state: 'retrying', attempts: 1, code: 'UNEXPECTED' }]);
    const { wait } = await bench.run(id);
    expect(wait).toBeGreaterThan(3);
    expect(wait).toBeLessThanOrEqual(5);
    await bench.deliverDue(id);
    expect((await bench.run(id)).wait).toBeGreaterThan(10);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(keys).toEqual([1, 2, 3].map((number) => `${number} ${id}:call`));
  });

  it('wait as long as a failure says', async () => {
    const id = await bench.start('later', async (step) => {
      await step.run('call', async () => {
        throw new RetryLaterError('BUSY', 'Come back in an hour.', 3_600_000);
      });
    });
    await bench.deliver(id);
    expect((await bench.run(id)).wait).toBeGreaterThan(3_500);
    expect(await bench.deliverNow(id)).toEqual({ kind: 'suspended' });
    expect(await bench.steps(id)).toMatchObject([{ attempts: 1, code: 'BUSY' }]);
  });

  it('throw the same failure on every replay', async () => {
    const seen: unknown[] = [];
    const id = await bench.start('caught', async (step) => {
      await step.run('bad', async () => {
        throw new NonRetryableError('REFUSED', 'No.');
      }).catch((error: unknown) => seen.push(error));
      await step.sleep('pause', DAY);
      return { compensated: await step.run('compensate', effect('caught')) };
    });
    await bench.deliver(id);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({ name: 'StepFailedError', step: 'bad', code: 'REFUSED', message: 'The step "bad" failed: No.' });
  });

  it('end the run when nobody catches', async () => {
    const id = await bench.start('uncaught', async (step) => {
      await step.run('bad', async () => {
        throw new Error('always');
      }, { retries: 1 });
    });
    await bench.deliver(id);
    expect(await bench.deliverDue(id)).toMatchObject({ kind: 'dead', code: 'UNEXPECTED' });
    expect(await bench.run(id)).toMatchObject({ state: 'dead', message: 'The step "bad" failed: always' });
    expect(await bench.steps(id)).toMatchObject([{ state: 'failed', attempts: 2 }]);
  });

  it('that take too long are tried again', async () => {
    let aborted = false;
    const id = await bench.start('slow', async (step) => ({
      number: await step.run('slow', async (attempt) => {
        if (attempt.number > 1) return attempt.number;
        await new Promise<void>((resolve) => attempt.signal.addEventListener('abort', () => resolve()));
        aborted = true;
        return effect('slow')(attempt);
      }, { timeout: 100 }),
    }));
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(aborted).toBe(true);
    expect(await bench.steps(id)).toMatchObject([{ state: 'retrying', attempts: 1 }]);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { number: 2 } });
    expect(await bench.effects('slow')).toEqual([]);
  });

  it('that kill their process end as failed', async () => {
    const deaths: ReturnType<typeof gate>[] = [];
    const id = await bench.start('poison', async (step) => {
      await step.run('healthy', effect('poison'));
      await step.run('poison', () => deaths.at(-1)!.pass(), { retries: 2 });
    });
    const zombies: Promise<unknown>[] = [];
    for (let death = 0; death < 3; death++) {
      deaths.push(gate());
      zombies.push(bench.deliver(id));
      await deaths[death]!.reached;
      await eventually('the attempt is noted', async () => (await bench.steps(id))[1]?.attempts === death + 1);
      await bench.expire(id);
    }
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'WORKER_LOST' });
    expect((await bench.steps(id))[1]).toMatchObject({ name: 'poison', state: 'failed', attempts: 3, code: 'WORKER_LOST' });
    for (const death of deaths) death.open();
    expect(await Promise.all(zombies)).toEqual([1, 2, 3].map(() => ({ kind: 'lost' })));
  });

  it('refuse results that are too large', async () => {
    const id = await bench.start('large', async (step) => {
      await step.run('large', async () => 'x'.repeat(65_536));
    });
    expect(await bench.deliver(id)).toMatchObject({ kind: 'dead', code: 'RESULT_TOO_LARGE' });
    expect(await bench.steps(id)).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });

  it('run side by side and replay alike', async () => {
    const order: string[] = [];
    const id = await bench.start('parallel', async (step) => {
      const branch = (name: string, count: number) => async (): Promise<string> => {
        for (let number = 1; number <= count; number++) order.push(await step.run(`${name}${number}`, async () => `${name}${number}`));
        if (name === 'b') await step.sleep('b sleeps', DAY);
        return step.run(`${name} ends`, async () => name);
      };
      return { ends: await step.all([branch('a', 1), branch('b', 2), branch('c', 3)]) };
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect((await bench.steps(id)).filter(({ state }) => state === 'done')).toHaveLength(8);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { ends: ['a', 'b', 'c'] } });
  });

  it('that fail side by side let the others finish', async () => {
    const id = await bench.start('one of two', async (step) => {
      await step.all([
        () => step.run('bad', async () => {
          throw new NonRetryableError('BAD', 'Bad.');
        }),
        async () => {
          await step.sleep('nap', DAY);
          await step.run('good', effect('one of two'));
        },
      ]);
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.deliverDue(id)).toMatchObject({ kind: 'dead', code: 'BAD' });
    expect(await bench.effects('one of two')).toEqual([1]);
  });

  it('go on in another invocation when time is short', async () => {
    const id = await bench.start('short', async (step) => {
      for (const number of [1, 2, 3]) {
        await step.run(`part ${number}`, async (attempt) => {
          await new Promise((resolve) => setTimeout(resolve, 1_700));
          return effect('short', number)(attempt);
        });
      }
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'yielded' });
    expect(await bench.run(id)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await bench.effects('short')).toEqual([1]);
    expect(await bench.deliver(id, 3_000)).toEqual({ kind: 'yielded' });
    expect(await bench.effects('short')).toEqual([1]);
    await bench.deliver(id);
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.effects('short')).toEqual([1, 2, 3]);
  });

  it('write their log lines once', async () => {
    const id = await bench.start('log', async (step, run) => {
      run.log('info', 'begins');
      await step.sleep('nap', DAY);
      run.log('info', 'goes on');
      await step.run('last', async () => undefined);
    });
    await bench.deliver(id);
    await bench.deliverDue(id);
    expect(await bench.database.query('SELECT message FROM job_log WHERE background_job_id = $1 ORDER BY at', [id])).toEqual([{ message: 'begins' }, { message: 'goes on' }]);
  });

  it('completed in the moment of their timeout count', async () => {
    const id = await bench.start('photo finish', async (step) => ({
      number: await step.run('slow', (attempt) => attempt.complete(async (manager) => {
        await manager.query("INSERT INTO effect VALUES ('photo finish', $1)", [attempt.number]);
        await new Promise((resolve) => setTimeout(resolve, 400));
        return attempt.number;
      }), { timeout: 100 }),
    }));
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.run(id)).toMatchObject({ result: { number: 1 } });
    expect(await bench.effects('photo finish')).toEqual([1]);
  });

  it('complete once', async () => {
    const id = await bench.start('twice complete', async (step) => {
      await step.run('twice', async (attempt) => {
        await effect('twice complete', 1)(attempt);
        await expect(effect('twice complete', 2)(attempt)).rejects.toMatchObject({ code: 'STEP_COMPLETED' });
      });
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
    expect(await bench.effects('twice complete')).toEqual([1]);
  });

  it('are noted before work that may be repeated', async () => {
    const seen: unknown[] = [];
    const id = await bench.start('noted', async (step) => {
      await step.run('once', async (attempt) => void seen.push(attempt.number, (await bench.steps(id))[0]?.state), { retries: 0 });
    });
    await bench.deliver(id);
    const died = await bench.start('died', async (step) => {
      await step.run('again', async (attempt) => void seen.push(attempt.number, (await bench.steps(died))[0]?.state));
      await step.run('next', async (attempt) => void seen.push(attempt.number));
    });
    await bench.database.query('UPDATE background_job SET attempts = 1 WHERE id = $1', [died]);
    expect(await bench.deliver(died)).toEqual({ kind: 'done' });
    expect(seen).toEqual([1, 'running', 2, 'running', 1]);
  });

  it('answer with members in the same order', async () => {
    const keys: string[][] = [];
    const id = await bench.start('order', async (step) => {
      const object = { long: 1, b: 2, a: 3 };
      const returned = await step.run('returned', async () => object);
      const completed = await step.run('completed', (attempt) => attempt.complete(async () => object));
      keys.push([...Object.keys(returned), ...Object.keys(completed)]);
      await step.sleep('nap', DAY);
    });
    await bench.deliver(id);
    await bench.deliverDue(id);
    expect(keys[0]).toEqual(keys[1]);
  });

  it('are begun after a slow beginning', async () => {
    const id = await bench.start('slow beginning', async (step) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await step.run('first', effect('slow beginning'));
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
  });

  it('of slow branches are waited for', async () => {
    const id = await bench.start('slow branch', async (step) => {
      await step.all([
        async () => {
          await step.run('a1', async () => undefined);
          await new Promise((resolve) => setTimeout(resolve, 100));
          await step.waitForEvent('a waits', { event: 'slow.branch', timeout: 100 * DAY });
        },
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          await step.sleep('b sleeps', DAY);
          await step.run('b2', effect('slow branch'));
        },
      ]);
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'suspended' });
    expect(await bench.steps(id)).toHaveLength(3);
    expect(await bench.deliverDue(id)).toEqual({ kind: 'suspended' });
    expect(await bench.effects('slow branch')).toEqual([1]);
    expect(await bench.run(id)).toMatchObject({ state: 'waiting' });
  });

  it('may fail before they are awaited', () => {
    // In a process of its own: only there a failure that nobody awaits yet ends everything.
    const replay = new URL('../../../src/serverless-jobs/workflows/workflow-replay.js', import.meta.url).href;
    const program = `
      import { setTimeout as delay } from 'node:timers/promises';
      const { WorkflowReplay } = await import('${replay}');
      const replay = new WorkflowReplay({ timeLeft: () => 1000, attempt: 1 }, [], 1000);
      const step = (end) => ({ kind: 'run', time: 0, begin: async () => end });
      const { kind } = await replay.run(async () => {
        const bad = replay.ask('bad', step({ kind: 'failed', row: { name: 'bad', childId: null } }));
        await delay(50);
        await bad.catch(() => undefined);
      });
      console.log(kind);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'returned\n', stderr: '' });
  });

  it('are shown while they work', async () => {
    const stop = gate();
    const id = await bench.start('shown', async (step) => step.run('long', () => stop.pass()));
    const delivery = bench.deliver(id);
    await stop.reached;
    await eventually('the step is noted', async () => (await bench.steps(id))[0]?.state === 'running');
    expect(await bench.run(id)).toMatchObject({ progress: 'long' });
    stop.open();
    expect(await delivery).toEqual({ kind: 'done' });
  });

  it('may await something else between them', async () => {
    const id = await bench.start('awaits', async (step) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      await step.run('one', async () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await step.run('two', async () => undefined);
    });
    expect(await bench.deliver(id)).toEqual({ kind: 'done' });
  });
});

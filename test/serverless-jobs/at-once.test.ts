import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JobSweeper } from '../../src/serverless-jobs/outbox/job-sweeper.js';
import { eventually } from '../support/eventually.js';
import { behaviours, JobBench } from './job-bench.js';

const AT_ONCE = 10;

describe('a job that its own process runs at once', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([], 'in-process');
  });
  beforeEach(() => void behaviours.splice(0));
  afterAll(() => bench.close());

  const done = (id: string): Promise<unknown> => eventually('the job is done', async () => (await bench.job(id)).state === 'done');

  it('is claimed in the transaction that enqueues it', async () => {
    const id = await bench.write(() => bench.enqueue('at once'));
    await done(id);
    expect(await bench.job(id)).toMatchObject({ attempts: 1, fence: 1, wake: 0 });
    expect(await bench.outcomes(id)).toEqual(['done']);
    expect(await bench.effects('at once')).toEqual([{ attempt: 1 }]);
    expect(await bench.database.query('SELECT published_at, message_id AS "messageId" FROM background_job WHERE id = $1', [id])).toEqual([{ published_at: null, messageId: null }]);
  });

  it('never begins when its transaction is undone', async () => {
    await expect(bench.write(async () => {
      await bench.enqueue('undone');
      throw new Error('no');
    })).rejects.toThrow('no');
    await done(await bench.enqueue('after it'));
    expect(await bench.effects('undone')).toEqual([]);
  });

  it('exists once for a dedupe key', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => bench.enqueue('once', { dedupeKey: 'once' })));
    expect(new Set(ids).size).toBe(1);
    await done(ids[0]!);
    expect(await bench.effects('once')).toEqual([{ attempt: 1 }]);
  });

  it('waits where it has a time or a key', async () => {
    const later = await bench.enqueue('later', { delay: 3_600_000 });
    expect(await bench.job(later)).toMatchObject({ state: 'queued', fence: 0 });
    const keyed = await bench.enqueue('keyed', { concurrencyKey: 'one' });
    await done(keyed);
    expect(await bench.job(keyed)).toMatchObject({ attempts: 1 });
  });

  it('waits for its turn where many run', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((go) => (open = go));
    behaviours.push(...Array.from({ length: AT_ONCE }, () => async () => gate));
    const running: string[] = [];
    for (let index = 0; index < AT_ONCE; index++) running.push(await bench.enqueue(`held ${index}`));
    const waiting = await bench.enqueue('waits');
    expect(await bench.job(waiting)).toMatchObject({ state: 'queued', fence: 0 });
    open();
    await Promise.all([...running, waiting].map(done));
  });

  it('is found when its process is gone', async () => {
    let stop: () => void = () => undefined;
    behaviours.push(() => new Promise<void>((go) => (stop = go)));
    const id = await bench.enqueue('lost');
    await eventually('the first attempt is under way', async () => behaviours.length === 0);
    await bench.expireLease(id);
    await bench.nest.get(JobSweeper, { strict: false }).sweep();
    await done(id);
    stop();
    expect(await bench.outcomes(id)).toEqual(['lost', 'done']);
    expect(await bench.effects('lost')).toEqual([{ attempt: 2 }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Probe } from './probe.js';
import { TransportBench } from './transport-bench.js';

const names = (stem: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${stem} ${index}`);

describe('several workers', () => {
  let bench: TransportBench;
  let producer: Probe;
  let workers: Probe[];

  beforeAll(async () => {
    bench = await TransportBench.open('redis');
    producer = await bench.start('producer', 'bullmq');
    workers = [await bench.start('worker', 'bullmq', 2), await bench.start('worker', 'bullmq', 2)];
  });
  afterAll(() => bench.close());

  it('share the jobs', async () => {
    const ids = await producer.enqueue(...names('shared', 60).map((label) => ({ label, takes: 30 })));
    expect(await bench.done(ids)).toEqual(ids.map(() => 1));
    const pids = await bench.database.query<{ pid: number }>("SELECT DISTINCT pid FROM begun WHERE label LIKE 'shared %'");
    expect(pids.map(({ pid }) => pid).sort()).toEqual(workers.map(({ pid }) => pid).sort());
  });

  it('run at most as many as told', async () => {
    const labels = names('limited', 8);
    const ids = await producer.enqueue(...labels.map((label) => ({ label, gate: 'limited' })));
    await bench.waitBegun(4, ...labels);
    // A fifth would begin at once; another round trip through the same queue shows that it has not.
    await producer.enqueue({ label: 'behind' });
    expect(await bench.begun(...labels, 'behind')).toHaveLength(4);
    await bench.openGate('limited');
    expect(await bench.done(ids)).toEqual(ids.map(() => 1));
  });

  it('go on when Redis was lost', async () => {
    const ids = await producer.enqueue(...names('lost', 20).map((label) => ({ label, takes: 100 })));
    await bench.waitBegun(4, ...names('lost', 20));
    await bench.break('redis');
    await bench.mend('redis');
    expect(await bench.finish(ids, producer)).toEqual(ids.map(() => 1));
  });

  it('stop without losing what waits', async () => {
    const labels = names('stopped', 6);
    const ids = await producer.enqueue(...labels.map((label) => ({ label, gate: 'stopped' })));
    const { value: chunked } = await producer.tell<string>({ chunked: { label: 'chunk', chunks: 400 } });
    await bench.waitBegun(4, ...labels);
    const stopping = Promise.all(workers.map((worker) => worker.end('SIGTERM')));
    await bench.openGate('stopped');
    expect(await stopping).toEqual([0, 0]);
    expect(await bench.outcomes(ids[0]!)).toEqual(['done']);
    const [worker] = [await bench.start('worker', 'bullmq', 8)];
    await bench.waitChunks('chunk', 5);
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await bench.outcomes(chunked)).toContain('yielded');
    expect(await bench.done(ids)).toEqual(ids.map(() => 1));
    expect(await bench.doubledChunks('chunk')).toEqual([]);
  });
});

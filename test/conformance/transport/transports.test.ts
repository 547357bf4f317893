import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Probe, Role } from './probe.js';
import { TransportBench, type Beside } from './transport-bench.js';

interface Arrangement {
  readonly transport: string;
  readonly beside: readonly Beside[];
  /** What consumes; null where the producer does so itself. */
  readonly consumer: Role | null;
  /** Jobs that run at a time, where the order of those that wait is the transport's; 0 where it is not. */
  readonly slots: number;
}

const ARRANGEMENTS: readonly Arrangement[] = [
  { transport: 'qstash', beside: ['qstash'], consumer: 'http', slots: 0 },
  { transport: 'bullmq', beside: ['redis'], consumer: 'worker', slots: 4 },
  { transport: 'in-process', beside: [], consumer: null, slots: 10 },
];
const names = (stem: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${stem} ${index}`);

describe.each(ARRANGEMENTS)('the transport $transport', ({ transport, beside, consumer: role, slots }) => {
  let bench: TransportBench;
  let producer: Probe;
  let consumer: Probe;

  const startConsumer = async (): Promise<void> => {
    consumer = role === null ? producer : await bench.start(role, transport);
  };

  beforeAll(async () => {
    bench = await TransportBench.open(...beside);
    producer = await bench.start('producer', transport);
    await startConsumer();
  });
  afterAll(() => bench.close());

  it('delivers a call', async () => {
    const ids = await producer.enqueue({ label: 'one' });
    expect(await bench.done(ids)).toEqual([1]);
    const [row] = await bench.database.query('SELECT message_id IS NOT NULL AS sent, attempts FROM background_job WHERE id = $1', ids);
    // What the process itself begins at once needs no call.
    expect(row).toEqual({ sent: role !== null, attempts: 1 });
  });

  it('delivers nothing before its time', async () => {
    const ids = await producer.enqueue({ label: 'later', delay: 1_500 });
    await bench.done(ids);
    const [row] = await bench.database.query<{ early: boolean; attempts: number }>(
      "SELECT (SELECT at FROM begun WHERE label = 'later') < run_at AS early, attempts FROM background_job WHERE id = $1", ids);
    expect(row).toEqual({ early: false, attempts: 1 });
  });

  it('has one effect for doubled calls', async () => {
    const [id] = await producer.enqueue({ label: 'doubled', takes: 100 }) as [string];
    await producer.tell({ publish: id, times: 3 });
    expect(await bench.done([id])).toEqual([1]);
    expect(await bench.begun('doubled')).toHaveLength(1);
  });

  it('delivers many calls once', async () => {
    const ids = await producer.enqueue(...names('many', 250).map((label) => ({ label })));
    expect(await bench.done(ids, 40_000)).toEqual(ids.map(() => 1));
  });

  it('delivers a call for what is due', async () => {
    const ids = await producer.enqueue({ label: 'drained', delay: 3_600_000 });
    await bench.database.query("UPDATE background_job SET run_at = now() - interval '1 second' WHERE id = $1", ids);
    await producer.tell({ drain: true });
    expect(await bench.done(ids)).toEqual([1]);
  });

  it('tries again after a failure', async () => {
    const [id] = await producer.enqueue({ label: 'fails', failures: 2 }) as [string];
    expect(await bench.done([id])).toEqual([1]);
    expect(await bench.outcomes(id)).toEqual(['retry', 'retry', 'done']);
  });

  if (slots > 0) {
    it('takes urgent calls first', async () => {
      const held = await producer.enqueue(...names('held', slots).map((label, index) => ({ label, gate: index === 0 ? 'one' : 'full' })));
      await bench.waitBegun(slots, ...names('held', slots));
      const waiting = await producer.enqueue({ label: 'low', priority: 'low' }, { label: 'normal' }, { label: 'high', priority: 'high' });
      // One place becomes free, so that what begins first is what was taken first.
      await bench.database.query("INSERT INTO gate VALUES ('one')");
      await bench.waitBegun(1, 'low', 'normal', 'high');
      await bench.database.query("INSERT INTO gate VALUES ('full')");
      await bench.done([...held, ...waiting]);
      expect((await bench.begun('low', 'normal', 'high'))[0]).toBe('high');
    });
  }

  it('loses nothing with a killed consumer', async () => {
    const held = await producer.enqueue({ label: 'killed', gate: 'killed' });
    await bench.waitBegun(1, 'killed');
    const later = await producer.enqueue({ label: 'killed later', delay: 1_000 });
    await consumer.end('SIGKILL');
    if (role === null) producer = await bench.start('producer', transport);
    await startConsumer();
    await bench.openGate('killed');
    await bench.expire();
    await producer.tell({ sweep: true });
    expect(await bench.done([...held, ...later])).toEqual([1, 1]);
    expect(await bench.outcomes(held[0]!)).toEqual(['lost', 'done']);
  });

  for (const server of beside) {
    it('lets the caller go on while down', async () => {
      await bench.break(server);
      const { value: ids, took } = await producer.tell<string[]>({ enqueue: [{ label: 'down' }] });
      expect(took).toBeLessThan(4_500);
      const [row] = await bench.database.query('SELECT published_at, state FROM background_job WHERE id = $1', ids);
      expect(row).toEqual({ published_at: null, state: 'queued' });
      await bench.mend(server);
      expect(await bench.finish(ids, producer)).toEqual([1]);
    });

    it('may accept and answer too late', async () => {
      bench.relays[server].withholds = true;
      const { value: ids, took } = await producer.tell<string[]>({ enqueue: [{ label: 'late' }] });
      bench.relays[server].withholds = false;
      expect(took).toBeLessThan(5_000);
      expect(await bench.finish(ids, producer)).toEqual([1]);
    });
  }
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultBench, type Instance } from './fault-bench.js';

const EVERY_STEP = [0, 1, 2, 3];
const HOURS_OFF = 2 * 3_600;

describe('deliveries', () => {
  let bench: FaultBench;
  let one: Instance;
  let two: Instance;

  beforeAll(async () => {
    bench = await FaultBench.open();
    [one, two] = [await bench.instance(), await bench.instance()];
  });
  afterEach(async () => {
    bench.qstash.mood = 'accepts';
    expect(await bench.orphans()).toEqual([]);
    expect(await bench.waitingForLocks()).toEqual([]);
  });
  afterAll(() => bench.close());

  const order = async (key: string): Promise<string> => {
    await one.order(key);
    return bench.jobId(key);
  };
  const firstCall = (id: string): (typeof bench.qstash.calls)[number] => bench.qstash.callsFor(id)[0]!;

  it('after the end change nothing', async () => {
    const id = await order('duplicates');
    expect((await one.deliver(firstCall(id)))?.body).toEqual({ kind: 'done' });
    for (const instance of [one, two, one]) expect((await instance.deliver(firstCall(id)))?.body).toEqual({ kind: 'settled' });
    expect(await bench.ledger('duplicates')).toEqual(EVERY_STEP);
  });

  it('of the same moment have one effect', async () => {
    const id = await order('storm');
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 ? one : two).deliver(firstCall(id), `storm-${index}`)));
    expect(answers.filter((answer) => answer?.body.kind === 'done')).toHaveLength(1);
    expect(answers.every((answer) => answer?.status === 200)).toBe(true);
    expect(await bench.job('storm')).toMatchObject({ state: 'done', fence: 1 });
    expect(await bench.ledger('storm')).toEqual(EVERY_STEP);
  });

  it('after a cancel begin nothing', async () => {
    const id = await order('cancelled');
    await two.cancel(id);
    expect((await one.deliver(firstCall(id)))?.body).toEqual({ kind: 'settled' });
    expect(await bench.ledger('cancelled')).toEqual([]);
  });

  it('carry one chunk each when time is short', async () => {
    const id = await order('short of time');
    const kinds: (string | undefined)[] = [];
    for (let turn = 0; turn < 4; turn++) kinds.push((await (turn % 2 ? one : two).deliver(bench.qstash.callsFor(id).at(-1)!, `short-${turn}`))?.body.kind);
    expect(kinds).toEqual(['yielded', 'yielded', 'yielded', 'done']);
    expect(bench.qstash.callsFor(id).map(({ headers }) => headers['upstash-deduplication-id'])).toEqual([0, 1, 2, 3].map((wake) => `${id}-${wake}`));
    expect(await bench.ledger('short of time')).toEqual(EVERY_STEP);
  });

  it('out of order do the work once', async () => {
    const id = await order('short and mixed');
    await one.deliver(firstCall(id), 'a');
    await two.deliver(bench.qstash.callsFor(id).at(-1)!, 'b');
    const calls = [...bench.qstash.callsFor(id)].reverse();
    for (let round = 0; round < 2; round++) for (const call of calls) await one.deliver(call, 'old');
    expect(await bench.settle(one, 'short and mixed')).toMatchObject({ state: 'done' });
    expect(await bench.ledger('short and mixed')).toEqual(EVERY_STEP);
  });

  it.each(['refuses', 'hangs', 'answers late'] as const)('come later when QStash %s', async (mood) => {
    bench.qstash.mood = mood;
    const key = `down ${mood}`;
    expect((await one.order(key))?.status).toBe(200);
    bench.qstash.mood = 'accepts';
    expect((await bench.job(key)).state).toBe('queued');
    expect(await bench.settle(two, key)).toMatchObject({ state: 'done', attempts: 1 });
    expect(await bench.ledger(key)).toEqual(EVERY_STEP);
  });

  it('that are lost are made up for', async () => {
    const id = await order('lost for ever');
    await bench.passTime();
    expect(await two.sweep()).toMatchObject({ 'never delivered': 1 });
    expect(bench.qstash.callsFor(id).map(({ body }) => body.wake)).toEqual([0, 1]);
    expect((await two.deliver(bench.qstash.callsFor(id)[1]!))?.body).toEqual({ kind: 'done' });
  });

  it('are sent once by two sweeps', async () => {
    const ids = await Promise.all([1, 2, 3].map((number) => order(`swept ${number}`)));
    await bench.passTime();
    const counts = await Promise.all([one.sweep(), two.sweep()]);
    expect(counts.reduce((sum, count) => sum + (count['never delivered'] ?? 0), 0)).toBe(3);
    for (const id of ids) expect(bench.qstash.callsFor(id)).toHaveLength(2);
    for (const id of ids) await one.deliver(bench.qstash.callsFor(id)[1]!);
  });

  it('of poison end in a dead letter', async () => {
    await order('poison throws');
    expect(await bench.settle(one, 'poison throws')).toMatchObject({ state: 'dead', attempts: 5 });
    const attempts = await bench.database.query('SELECT outcome FROM job_attempt WHERE background_job_id = $1 ORDER BY number', [await bench.jobId('poison throws')]);
    expect(attempts).toEqual([...Array.from({ length: 4 }, () => ({ outcome: 'retry' })), { outcome: 'dead' }]);
  });

  it('exist once however often one orders', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).order('twenty times')));
    expect(await bench.database.query("SELECT count(*)::int AS count FROM background_job WHERE payload->>'key' = 'twenty times'")).toEqual([{ count: 1 }]);
    expect(await bench.settle(one, 'twenty times')).toMatchObject({ state: 'done' });
    expect(await bench.ledger('twenty times')).toEqual(EVERY_STEP);
  });

  it('that are forged or misled are refused', async () => {
    const call = firstCall(await order('forged'));
    const other = firstCall(await order('forged other'));
    const now = Math.floor(Date.now() / 1_000);
    const refused = [
      { key: 'sig_of_somebody_else' }, { url: 'http://perch.test/api/scheduled-job' }, { url: 'http://elsewhere.test/api/job-runner' },
      { signedBody: JSON.stringify(other.body) }, { issuedAt: now - HOURS_OFF }, { issuedAt: now + HOURS_OFF },
    ];
    for (const options of refused) expect((await one.deliver(call, 'forged', options))?.body.code).toBe('BAD_SIGNATURE');
    expect((await one.post('/api/job-runner', JSON.stringify(call.body)))?.status).toBe(401);
    expect(await bench.ledger('forged')).toEqual([]);
    // Clocks that differ by less than a minute are normal.
    expect((await one.deliver(call, 'early', { issuedAt: now + 45 }))?.body).toEqual({ kind: 'done' });
    expect((await one.deliver(other, 'rotated', { key: 'sig_only-for-tests-of-faults-next' }))?.body).toEqual({ kind: 'done' });
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TransportBench } from './transport-bench.js';

const names = (stem: string, count: number): { label: string }[] => Array.from({ length: count }, (_, index) => ({ label: `${stem} ${index}` }));

let bench: TransportBench;

beforeAll(async () => {
  bench = await TransportBench.open('qstash', 'redis');
});
afterAll(() => bench.close());

it('a switch there and back loses nothing', async () => {
  const first = await bench.start('producer', 'bullmq');
  const queued = await first.enqueue(...names('in redis', 5));
  await first.end();

  const second = await bench.start('http', 'qstash');
  await bench.expire();
  await second.tell({ sweep: true });
  expect(await bench.done(queued)).toEqual([1, 1, 1, 1, 1]);
  await second.end();

  const third = await bench.start('producer', 'qstash');
  const sent = await third.enqueue(...names('at qstash', 5));
  await third.end();

  const worker = await bench.start('worker', 'bullmq');
  await bench.expire();
  await worker.tell({ sweep: true });
  expect(await bench.done(sent)).toEqual([1, 1, 1, 1, 1]);
  // The calls that were left in both arrive as well, and find nothing to do.
  const fourth = await bench.start('http', 'qstash,chunked=bullmq');
  const last = await fourth.enqueue({ label: 'last' });
  const { value: chunked } = await fourth.tell<string>({ chunked: { label: 'chunk', chunks: 2 } });
  expect(await bench.done(last)).toEqual([1]);
  await bench.done([chunked]);
  expect(await bench.database.query("SELECT message_id = id || '-' || wake AS bullmq FROM background_job WHERE id = ANY ($1) ORDER BY type", [[chunked, ...last]])).toEqual([{ bullmq: true }, { bullmq: false }]);
  expect(await bench.database.query('SELECT label FROM effect GROUP BY label HAVING count(*) > 1')).toEqual([]);
});

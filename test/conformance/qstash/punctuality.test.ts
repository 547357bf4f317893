import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QStashBench } from '../../support/qstash.js';

const MESSAGES = 15;
const EVERY_MS = 97;
/** Generous, for machines that do much else; `npm run benchmark -- qstash` prints the real time. */
const LIMIT_MS = 100;

describe('punctuality of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  afterAll(() => bench.close());

  it('delivers a message when it becomes due', async () => {
    const begin = Date.now() + 1_000;
    const due = (path: string): number => begin + Number(path.slice(1)) * EVERY_MS;
    const paths = Array.from({ length: MESSAGES }, (_, index) => `/${index}`);
    const answers = await Promise.all(paths.map((path) => bench.call('POST', `/v2/publish/${bench.destination.origin}${path}`, 'x', { 'upstash-not-before': String(due(path) / 1_000) })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const late = (await bench.destination.arrived(MESSAGES)).map(({ at, path }) => at - due(path)).sort((a, b) => a - b);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    expect(late[Math.floor(MESSAGES / 2)]).toBeLessThanOrEqual(LIMIT_MS);
  });
});

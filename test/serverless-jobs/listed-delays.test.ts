import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import { JobBench } from './job-bench.js';

const payload = z.object({});
const listed = defineJob({ name: 'listed', payload, backoff: { delays: [7_000, 0, 3_600_000], jitter: 0 } });

@Injectable()
@JobHandler(listed)
class ListedHandler implements JobWork {
  async handle(): Promise<void> {
    throw new Error('never');
  }
}

describe('a job with listed delays', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open([ListedHandler]);
  });
  afterAll(() => bench.close());

  it('is tried again as the list says', async () => {
    const id = await bench.jobs.enqueue(bench.context, listed, {});
    const outcomes: unknown[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      outcomes.push(await bench.deliver(id));
      await bench.makeDue(id);
    }
    expect(outcomes).toMatchObject([{ kind: 'retry', delay: 7_000 }, { kind: 'retry', delay: 0 }, { kind: 'retry', delay: 3_600_000 }, { kind: 'dead' }]);
    expect(await bench.job(id)).toMatchObject({ state: 'dead', attempts: 4 });
  });

  it('must list delays that can be waited', () => {
    const wrong = [[], [-1], [86_400_001], [Number.NaN]].map((delays, index) => () => defineJob({ name: `wrong${String.fromCharCode(65 + index)}`, payload, backoff: { delays } }));
    for (const define of wrong) expect(define).toThrow(/must list delays/);
    expect(defineJob({ name: 'fewer', payload, retries: 1, backoff: { delays: [1, 2, 3] } }).retries).toBe(1);
  });
});

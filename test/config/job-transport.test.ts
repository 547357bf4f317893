import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.js';
import { readTransportPlan } from '../../src/config/job-transport.js';
import { problemsOf } from './problems-of.js';

describe('JOB_TRANSPORT', () => {
  it('reads every form', () => {
    const plan = readTransportPlan('bullmq, sendMail=qstash, analyzeResume=mirror:qstash+in-process');
    expect(plan).toEqual({
      fallback: { primary: 'bullmq', shadow: null },
      byJob: new Map([['sendMail', { primary: 'qstash', shadow: null }], ['analyzeResume', { primary: 'qstash', shadow: 'in-process' }]]),
    });
    expect(readTransportPlan('sendMail=bullmq')).toMatchObject({ fallback: { primary: 'qstash' } });
    expect(readTransportPlan('mirror:qstash+bullmq')).toMatchObject({ fallback: { primary: 'qstash', shadow: 'bullmq' } });
  });

  it.each([
    ['kafka', 'names the transport "kafka"'], ['qstash,a=kafka', 'names the transport "kafka"'], ['mirror:qstash', 'cannot read "mirror:qstash"'],
    ['mirror:qstash+qstash', 'mirrors "qstash" with itself'], ['qstash,bullmq', 'says twice how all jobs travel'], ['a=qstash,a=bullmq', 'says twice how a travel'], ['qstash,', 'cannot read ""'],
  ])('refuses %s', (value, problem) => {
    expect(readTransportPlan(value)).toEqual([expect.stringContaining(problem)]);
  });

  it('names every problem at once', () => {
    expect(problemsOf({ JOB_TRANSPORT: 'kafka,a=smoke' })).toEqual([expect.stringMatching(/JOB_TRANSPORT .*"kafka".*"smoke"/)]);
    expect(problemsOf({ JOB_TRANSPORT: 'bullmq' })).toEqual(['JOB_TRANSPORT uses bullmq, which needs REDIS_URL.']);
    expect(problemsOf({ JOB_TRANSPORT: 'bullmq', REDIS_URL: 'redis://127.0.0.1:9' })).toEqual([]);
    const problems = problemsOf({ VERCEL: '1', JOB_TRANSPORT: 'qstash,a=in-process' });
    expect(problems).toContainEqual(expect.stringContaining('JOB_TRANSPORT uses in-process'));
  });

  it('needs QStash only where it is used', () => {
    const missing = (transport: string): readonly string[] => problemsOf({ VERCEL: '1', REDIS_URL: 'redis://127.0.0.1:9', JOB_TRANSPORT: transport }).filter((problem) => problem.startsWith('QSTASH_'));
    expect(missing('bullmq')).toEqual([]);
    expect(missing('bullmq,a=qstash')).toHaveLength(3);
  });

  it('reads the lanes of QStash', () => {
    expect(readEnvironment({ QSTASH_PARALLELISM: '20,10,5' }).qstashParallelism).toEqual({ high: 20, normal: 10, low: 5 });
    expect(problemsOf({ QSTASH_PARALLELISM: '20,10' })).toEqual([expect.stringContaining('three whole numbers')]);
  });
});

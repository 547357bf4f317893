import { describe, expect, it } from '@jest/globals';
import type { AttemptShown, StepShown } from '../../src/platform/background-jobs/background-job-history.service.js';
import { timelineOf, type JobTimes } from '../../src/platform/background-jobs/job-timeline.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const JOB: JobTimes = { state: 'done', createdAt: at(0), runAt: at(0), claimedAt: at(9), finishedAt: at(10), fence: 2, parked: false, errorMessage: null, discardReason: null };
const attempt = (number: number, outcome: AttemptShown['outcome'], from: number, to: number): AttemptShown =>
  ({ id: String(number), number, outcome, errorCode: null, errorMessage: outcome === 'retry' ? 'Busy.' : null, startedAt: at(from), finishedAt: at(to) });
const step = (name: string, kind: string, from: number, to: number | null): StepShown => ({
  name, kind, position: 0, state: to === null ? 'waiting' : 'done', attempts: 1, eventName: null, childId: null, dueAt: null, result: null, errorCode: null, errorMessage: null,
  startedAt: at(from), finishedAt: to === null ? null : at(to),
});
const lines = (...given: Parameters<typeof timelineOf>): string[] => timelineOf(...given).map(({ label, startedAt, finishedAt, outcome }) =>
  `${label} ${startedAt.getUTCSeconds()}-${finishedAt?.getUTCSeconds() ?? ''} ${outcome ?? ''}`.trim());

describe('the timeline of a job', () => {
  it('has waits, attempts and the end', () => {
    expect(lines(JOB, [attempt(1, 'retry', 2, 4), attempt(2, 'done', 9, 10)], [])).toEqual([
      'Created 0-0', 'Waited for its start 0-2', 'Attempt 1 2-4 retry', 'Waited to be tried again 4-9', 'Attempt 2 9-10 done', 'Done 10-10 done',
    ]);
  });

  it('shows the attempt under way', () => {
    expect(lines({ ...JOB, state: 'running', finishedAt: null }, [attempt(1, 'lost', 2, 4)], [])).toEqual([
      'Created 0-0', 'Waited for its start 0-2', 'Attempt 1 2-4 lost', 'Waited for another process 4-9', 'Attempt 2 9- running',
    ]);
  });

  it('says what a job waits for', () => {
    const queued = { ...JOB, state: 'queued', finishedAt: null } as const;
    expect(lines(queued, [], []).at(-1)).toBe('Waits for its start 0-');
    expect(lines({ ...queued, parked: true }, [], []).at(-1)).toBe('Held back by a concurrency limit 0-');
    expect(lines({ ...queued, state: 'paused' }, [attempt(1, 'yielded', 1, 2)], []).at(-1)).toBe('Paused 2-');
  });

  it('puts steps where they began', () => {
    const waiting = { ...JOB, state: 'waiting', finishedAt: null } as const;
    expect(lines(waiting, [attempt(1, 'suspended', 1, 3)], [step('read', 'run', 1, 2), step('nap', 'sleep', 2, null)])).toEqual([
      'Created 0-0', 'Waited for its start 0-1', 'Attempt 1 1-3 suspended', 'read 1-2 done', 'nap: sleep 2- waiting', 'Sleeps or waits for an event 3-',
    ]);
  });

  it('says why a job was put away', () => {
    const [last] = timelineOf({ ...JOB, state: 'discarded', errorMessage: 'Broken.', discardReason: 'A test.' }, [], []).slice(-1);
    expect(last).toMatchObject({ label: 'Failed and put away', outcome: 'discarded', detail: 'A test.' });
  });
});

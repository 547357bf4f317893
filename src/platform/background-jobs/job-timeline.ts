import type { BackgroundJob, BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import type { JobAttemptOutcome } from '../../serverless-jobs/entities/job-attempt.entity.js';
import type { AttemptShown, StepShown } from './background-job-history.service.js';

export const TIMELINE_KINDS = ['CREATED', 'WAIT', 'ATTEMPT', 'STEP', 'END'] as const;

/** Something that happened to a job. A moment ends when it starts; what still goes on has no end. */
export interface TimelineEntry {
  readonly kind: (typeof TIMELINE_KINDS)[number];
  readonly label: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** How it ended: the outcome of an attempt, the state of a step, the state of the job. */
  readonly outcome: string | null;
  readonly detail: string | null;
}

export type JobTimes = Pick<BackgroundJob, 'state' | 'createdAt' | 'runAt' | 'claimedAt' | 'finishedAt' | 'fence' | 'parked' | 'errorMessage' | 'discardReason'>;

const WAITED_AFTER: Readonly<Partial<Record<JobAttemptOutcome, string>>> = {
  retry: 'Waited to be tried again', lost: 'Waited for another process', suspended: 'Slept or waited for an event', yielded: 'Waited for the next invocation',
};
const ENDS: Readonly<Partial<Record<BackgroundJobState, string>>> = { done: 'Done', dead: 'Failed for good', cancelled: 'Cancelled', discarded: 'Failed and put away' };

function stepLabel({ kind, name }: StepShown): string {
  if (kind === 'sleep') return `${name}: sleep`;
  return kind === 'event' ? `${name}: wait for an event` : name;
}

function waitingNow({ state, parked }: JobTimes): string | null {
  if (state === 'queued') return parked ? 'Held back by a concurrency limit' : 'Waits for its start';
  if (state === 'waiting') return 'Sleeps or waits for an event';
  return state === 'paused' ? 'Paused' : null;
}

const moment = (kind: 'CREATED' | 'END', label: string, at: Date, outcome: string | null, detail: string | null): TimelineEntry =>
  ({ kind, label, startedAt: at, finishedAt: at, outcome, detail });
const wait = (label: string, startedAt: Date, finishedAt: Date | null): TimelineEntry => ({ kind: 'WAIT', label, startedAt, finishedAt, outcome: null, detail: null });

/** The attempts that have ended, and the one that is under way, which no row describes yet. */
function withCurrent(job: JobTimes, attempts: readonly AttemptShown[]): readonly Pick<AttemptShown, 'number' | 'outcome' | 'errorMessage' | 'startedAt' | 'finishedAt'>[] {
  if (job.state !== 'running' || !job.claimedAt || attempts.some(({ number }) => number === job.fence)) return attempts;
  return [...attempts, { number: job.fence, outcome: 'running', errorMessage: null, startedAt: job.claimedAt, finishedAt: null }];
}

/**
 * One list of all that happened, in order, from which a waterfall can be drawn. Both lists must be in order; where older
 * attempts were left out, the time before the first that is known counts as waiting for it.
 */
export function timelineOf(job: JobTimes, attempts: readonly AttemptShown[], steps: readonly StepShown[]): TimelineEntry[] {
  const entries = [moment('CREATED', 'Created', job.createdAt, null, null)];
  let [free, reason] = [job.createdAt, 'Waited for its start'];
  for (const { number, outcome, errorMessage, startedAt, finishedAt } of withCurrent(job, attempts)) {
    if (startedAt > free) entries.push(wait(reason, free, startedAt));
    entries.push({ kind: 'ATTEMPT', label: `Attempt ${number}`, startedAt, finishedAt, outcome, detail: errorMessage });
    [free, reason] = [finishedAt ?? startedAt, WAITED_AFTER[outcome] ?? 'Waited for its start'];
  }
  for (const step of steps) {
    entries.push({ kind: 'STEP', label: stepLabel(step), startedAt: step.startedAt, finishedAt: step.finishedAt, outcome: step.state, detail: step.errorMessage });
  }
  const now = waitingNow(job);
  if (now) entries.push(wait(now, free, null));
  const end = ENDS[job.state];
  if (end && job.finishedAt) entries.push(moment('END', end, job.finishedAt, job.state, job.discardReason ?? job.errorMessage));
  const rank = ({ kind }: TimelineEntry): number => TIMELINE_KINDS.indexOf(kind);
  return entries.sort((a, b) => (a.kind === 'END' ? 1 : 0) - (b.kind === 'END' ? 1 : 0) || a.startedAt.getTime() - b.startedAt.getTime() || rank(a) - rank(b));
}

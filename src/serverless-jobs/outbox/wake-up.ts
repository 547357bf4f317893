import { newId } from '../../common/ids.js';
import { PRIORITY_NUMBERS, type JobPriority } from '../definition/define-job.js';
import type { WakeUp } from '../transports/transport.js';

/** What of a job's row its wake-up call is made from. */
export interface WakingJob {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: string;
  readonly wake: number;
  readonly priority: number;
  readonly runAt: Date;
}

/** The columns of WakingJob, for a RETURNING or SELECT list. */
export const WAKING_COLUMNS = 'id, workspace_id AS "workspaceId", type, wake, priority, run_at AS "runAt"';

const laneOf = (priority: number): JobPriority => (Object.keys(PRIORITY_NUMBERS) as JobPriority[]).find((lane) => PRIORITY_NUMBERS[lane] === priority) ?? 'normal';

/** The call for one job. Its id holds the wake number, so that a transport's own deduplication never swallows a later call. */
export const wakeUpOf = ({ id, workspaceId, type, wake, priority, runAt }: WakingJob): WakeUp => ({
  id: `${id}-${wake}`, body: { workspaceId, jobId: id, wake }, runAt, priority: laneOf(priority), type,
});

/** A call that makes the runner take whatever is due, fairly over the workspaces, until its time is over. */
export const drainCall = (runAt: Date, priority: JobPriority = 'normal'): WakeUp => ({ id: `drain-${newId()}`, body: { drain: true }, runAt, priority, type: null });

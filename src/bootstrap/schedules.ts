import { SweepWatch } from '../platform/scheduled-tasks/sweep-watch.js';
import { ScheduleCalls, type SyncedSchedules } from '../serverless-jobs/schedules/schedule-calls.service.js';
import { keepAwakeFor } from './after-answer.js';
import type { PerchApplication } from './create-application.js';

/** Writes the schedules of all workspaces and arranges their calls at the transport; another time changes nothing. */
export const syncSchedules = ({ nest }: PerchApplication): Promise<SyncedSchedules> => nest.get(ScheduleCalls, { strict: false }).sync();

/** Takes up at once what an earlier process left unfinished, and looks again every minute. */
export const keepSweeping = ({ nest }: PerchApplication): Promise<void> => nest.get(SweepWatch, { strict: false }).keepSweeping();

/** Once the answer is sent, sees whether the sweep is late. The platform is asked to let the process live until it has run. */
export function sweepAfterRequest({ nest }: PerchApplication): void {
  const work = nest.get(SweepWatch, { strict: false }).afterRequest();
  if (work !== null) keepAwakeFor(work);
}

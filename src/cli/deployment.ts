import { createApplication, type PerchApplication } from '../bootstrap/create-application.js';
import { syncSchedules } from '../bootstrap/schedules.js';
import { systemContext } from '../common/request-context.js';
import { seedDemo } from '../features/demo-data/seed-demo.js';
import { WorkspaceDirectory } from '../platform/identity/workspace-directory.service.js';
import { ScheduleService } from '../serverless-jobs/schedules/schedule.service.js';

async function withApplication(work: (application: PerchApplication) => Promise<number>): Promise<number> {
  const application = await createApplication();
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}

/** Makes the demo workspace unless the database is in use, and prints its login. */
export const seedCommand = (): Promise<number> => withApplication(async ({ nest }) => {
  const login = await seedDemo(nest);
  process.stdout.write(login === null ? 'The database has workspaces already; nothing was added.\n' : `${login.email}  ${login.password}\n`);
  return 0;
});

/** `perch schedules sync`: arranges the schedules at QStash; doing it again changes nothing. 1 where one could not be arranged. */
const syncCommand = (): Promise<number> => withApplication(async (application) => {
  const { arranged, removed, failed } = await syncSchedules(application);
  process.stdout.write(`${arranged.length} arranged, ${removed.length} removed, ${failed.length} failed\n`);
  return failed.length === 0 ? 0 : 1;
});

/** `perch schedules list`: one line a workspace and schedule, with the next time. */
const listCommand = (): Promise<number> => withApplication(async ({ nest }) => {
  const schedules = nest.get(ScheduleService, { strict: false });
  for (const { id } of await nest.get(WorkspaceDirectory, { strict: false }).all()) {
    for (const { name, cron, timeZone, paused, nextSlot } of await schedules.list(systemContext(id))) {
      process.stdout.write(`${[id, name, cron, timeZone, paused ? 'paused' : nextSlot.toISOString()].join('\t')}\n`);
    }
  }
  return 0;
});

/** `perch schedules sync|list`; sync where nothing is said. */
export async function schedulesCommand(what = 'sync'): Promise<number> {
  if (what === 'sync') return syncCommand();
  if (what === 'list') return listCommand();
  process.stderr.write('Usage: perch schedules sync|list\n');
  return 2;
}

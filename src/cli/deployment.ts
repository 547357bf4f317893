import { createApplication, type PerchApplication } from '../bootstrap/create-application.js';
import { registerSchedules } from '../bootstrap/schedules.js';
import { seedDemo } from '../features/demo-data/seed-demo.js';

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

/** Arranges the schedules at QStash; doing it again changes nothing. */
export const schedulesCommand = (): Promise<number> => withApplication(async (application) => {
  await registerSchedules(application);
  return 0;
});

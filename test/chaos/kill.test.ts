import { expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { CRON_SECRET, startPerch } from '../support/perch.js';
import { resume } from '../support/resumes.js';
import { randomNumbers } from './random.js';

const KILLS = 10;
const LOOKS_BETWEEN_SWEEPS = 60;
/** The whole flow takes about this long, so that the kill falls anywhere in it. */
const FLOW_MS = 220;
/** What a killed process holds stays held until all kills are over: a slow machine would let the leases run out meanwhile, and one unlucky job die four times. */
const HOLD = "UPDATE background_job SET lease_until = now() + interval '1 day' WHERE state = 'running'";
const EXPIRE = "UPDATE background_job SET lease_until = now() - interval '1 second' WHERE state = 'running' AND lease_until > now() + interval '1 hour'";
const AGE = `
UPDATE background_job SET published_at = published_at - interval '2 minutes', created_at = created_at - interval '2 minutes', run_at = run_at - interval '2 minutes'
WHERE state IN ('queued', 'running')`;
const FIND = `
SELECT a.id, (SELECT count(*)::int FROM background_job j WHERE j.subject_id = a.id) AS jobs,
  (SELECT count(*)::int FROM background_job j WHERE j.subject_id = a.id AND j.state = 'done') AS done,
  (SELECT count(*)::int FROM score_run s WHERE s.application_id = a.id) AS scores,
  (SELECT count(*)::int FROM stage_event e WHERE e.application_id = a.id) AS events
FROM application a WHERE a.id = ANY($1)`;

interface Outcome {
  readonly jobs: number;
  readonly done: number;
  readonly scores: number;
  readonly events: number;
}

interface Accepted {
  readonly applicationId: string;
}

it('a killed process loses and repeats nothing', async () => {
  const perch = await startPerch('process');
  const client = new Client(perch.address);
  const random = randomNumbers(20_261_124);
  const accepted: string[] = [];
  for (let turn = 0; turn < KILLS; turn++) {
    const submission = { email: `chaos-${turn}@example.com`, name: `Chaos ${turn}`, resume: resume('engineer.pdf'), key: `chaos-${turn}` };
    const answer = client.apply(submission).then(({ body }) => body as Accepted, () => null);
    await new Promise((done) => setTimeout(done, random() * FLOW_MS));
    await perch.kill();
    const first = await answer;
    await perch.database.query(HOLD);
    await perch.restart();
    const repeated = (await client.apply(submission)).body as Accepted;
    expect(repeated.applicationId).toMatch(/^[0-9a-f-]{36}$/);
    if (first?.applicationId) expect(repeated.applicationId).toBe(first.applicationId);
    accepted.push(repeated.applicationId);
  }
  await perch.database.query(EXPIRE);
  const ageAndSweep = async (): Promise<void> => {
    await perch.database.query(AGE);
    await client.get('/api/scheduled-job?task=process-pending').set('authorization', `Bearer ${CRON_SECRET}`);
  };
  let looks = 0;
  const rows = await eventually('every analysis is done', async () => {
    // Messages of killed processes are overdue in minutes; their times are moved instead of waited for.
    if (looks++ % LOOKS_BETWEEN_SWEEPS === 0) await ageAndSweep();
    const found = await perch.database.query<Outcome>(FIND, [accepted]);
    return found.length === KILLS && found.every(({ done }) => done === 1) && found;
  }, 150_000);
  for (const row of rows) expect(row).toMatchObject({ jobs: 1, done: 1, scores: 1, events: 1 });
  const people = await perch.database.query("SELECT 1 FROM person WHERE display_name LIKE 'Chaos %'");
  expect(people).toHaveLength(KILLS);
  await perch.stop();
}, 400_000);

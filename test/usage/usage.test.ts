import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { forecast, usageMonth } from '../../src/platform/usage/usage-month.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { CRON_SECRET, startPerch, type Perch } from '../support/perch.js';

interface SeenUsage {
  readonly usage: {
    readonly month: string;
    readonly complete: boolean;
    readonly cost: number;
    readonly meters: readonly { readonly meter: string; readonly amount: number; readonly limit: number | null; readonly cost: number; readonly days: readonly { readonly day: string; readonly amount: number }[] }[];
  } | null;
}

const USAGE = 'query ($month: String) { usage(month: $month) { month complete cost forecastCost meters { meter amount limit forecast cost days { day amount } } } }';
const DEMO_WORKSPACE = "(SELECT id FROM workspace WHERE slug = 'demo')";
/** Jobs that ended so many days ago, at noon. */
const ENDED = `INSERT INTO background_job (id, workspace_id, type, payload, state, max_attempts, actor_type, finished_at)
SELECT gen_random_uuid(), ${DEMO_WORKSPACE}, 'old', '{}', 'done', 1, 'system', date_trunc('day', now(), 'UTC') - $1 * interval '1 day' + interval '12 hours' FROM generate_series(1, $2)`;

describe('usage of a workspace', () => {
  let perch: Perch;
  let owner: Client;

  beforeAll(async () => {
    perch = await startPerch('process', async () => ({ PERCH_USAGE_LIMITS: 'jobs=20,mails=1000000', PERCH_USAGE_PRICES: 'jobs=10,mails=0' }));
    owner = await new Client(perch.address).signIn();
    await perch.database.query(`UPDATE workspace SET created_at = now() - interval '3 days'`);
    for (const [days, count] of [[1, 30], [2, 7]] as const) await perch.database.query(ENDED, [days, count]);
  });
  afterAll(() => perch.stop());

  const run = async (): Promise<void> => {
    const answer = await request(perch.address).post('/api/scheduled-job?task=usage').set('authorization', `Bearer ${CRON_SECRET}`);
    expect(answer.status).toBe(200);
    await eventually('the use is noted', async () => (await perch.database.query(`SELECT 1 FROM background_job WHERE type = 'meterUsage' AND state <> 'done'`)).length === 0
      && (await perch.database.query(`SELECT 1 FROM usage_day`)).length > 0);
  };
  const noted = (meter: string): Promise<{ ago: number; amount: number }[]> => perch.database.query(
    `SELECT (now() AT TIME ZONE 'UTC')::date - day AS ago, amount::int AS amount FROM usage_day WHERE workspace_id = ${DEMO_WORKSPACE} AND meter = $1 ORDER BY day DESC`, [meter]);

  it('is noted for each day that is over', async () => {
    await run();
    expect(await noted('jobs')).toEqual([{ ago: 1, amount: 30 }, { ago: 2, amount: 7 }, { ago: 3, amount: 0 }]);
    // What is stored now says nothing of the days before yesterday.
    expect(await noted('storage')).toEqual([{ ago: 1, amount: expect.any(Number) }]);
    const [bytes] = await perch.database.query<{ sum: number }>(`SELECT sum(byte_size)::int AS sum FROM document WHERE workspace_id = ${DEMO_WORKSPACE}`);
    expect((await noted('storage'))[0]!.amount).toBe(bytes!.sum);
  });

  it('adds up with today', async () => {
    const { data } = await owner.graphql<SeenUsage>(USAGE);
    const [counted] = await perch.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM background_job WHERE workspace_id = ${DEMO_WORKSPACE} AND finished_at >= date_trunc('month', now(), 'UTC')`);
    const jobs = data.usage!.meters.find(({ meter }) => meter === 'jobs')!;
    expect(jobs.amount).toBe(counted!.count);
    expect(jobs.limit).toBe(20);
    expect(jobs.cost).toBeCloseTo(counted!.count / 100);
    expect(data.usage).toMatchObject({ complete: false, month: new Date().toISOString().slice(0, 7) });
    expect(data.usage!.meters.map(({ meter }) => meter)).toEqual(['jobs', 'mails', 'storage', 'modelTokens']);
  });

  it('warns administrators once', async () => {
    const warnings = (): Promise<object[]> => perch.database.query(`SELECT dedupe_key AS key, body->>'text' AS text FROM notification WHERE kind = 'usage_limit' AND workspace_id = ${DEMO_WORKSPACE}`);
    // On the first days of a month, what ended before belongs to another one.
    await perch.database.query(ENDED, [0, 25]);
    await perch.database.query(`DELETE FROM background_job WHERE type = 'meterUsage'`);
    await run();
    expect(await warnings()).toEqual([{ key: `${new Date().toISOString().slice(0, 7)} jobs 1`, text: 'The workspace has used up what it may of background jobs this month.' }]);
    await perch.database.query(`DELETE FROM background_job WHERE type = 'meterUsage'`);
    await run();
    expect(await warnings()).toHaveLength(1);
  });

  it('is for administrators, and of months until now', async () => {
    const code = async (client: Client, month: string | null): Promise<unknown> => (await client.graphql(USAGE, { month })).errors?.[0]?.extensions.code;
    await addMember(perch.database, 'Rita Recruiter', 'recruiter');
    expect(await code(await new Client(perch.address).signIn('rita.recruiter@perch.example', MEMBER_PASSWORD), null)).toBe('FORBIDDEN');
    expect(await Promise.all(['2999-01', '2026-13', 'now', "2026-01'"].map((month) => code(owner, month)))).toEqual(Array(4).fill('INVALID_INPUT'));
    expect((await owner.graphql<SeenUsage>(USAGE, { month: '2026-01' })).data.usage).toMatchObject({ complete: true, cost: 0 });
  });
});

describe('a forecast', () => {
  const november = usageMonth('2026-11', new Date('2026-11-15T00:00:00Z'));

  it('stretches what was used so far', () => {
    expect(forecast(140, november, new Date('2026-11-15T00:00:00Z'))).toBeCloseTo(300);
    expect(forecast(300, november, new Date('2027-01-01T00:00:00Z'))).toBe(300);
  });

  it('is not made within a day', () => {
    expect(forecast(140, november, new Date('2026-11-01T23:59:59Z'))).toBeNull();
  });
});

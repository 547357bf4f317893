import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { joinedParts, SectionTexts } from '../../src/common/run-events.js';
import { randomNumbers } from '../chaos/random.js';
import { StreamReader } from '../run-events/stream-reader.js';
import { Client } from '../support/client.js';
import { FakeModelServer, type FakeAnswer, type ReceivedCall } from '../support/fake-model-server.js';
import { freePort, startRedis, type Program } from '../support/programs.js';
import { CRON_SECRET, DEMO, startPerch, type Perch } from '../support/perch.js';
import { faithful, taskOf } from './obedient-model.js';

/** Runs that are under way together: few in each run of the tests, 50 for `PERCH_CHAOS_RUNS=50`, each time. */
const RUNS = Number(process.env['PERCH_CHAOS_RUNS'] ?? 4);
const KILLS = Math.ceil(RUNS * 0.75);
const LIMIT_MS = 60_000 + RUNS * 12_000;
const TEXT = /^(?:optimization|polish): /;

/** What a killed process held is let go; a living one keeps what it has, however slow a busy machine makes it. */
const LET_GO = "UPDATE background_job SET lease_until = now() - interval '1 minute' WHERE state = 'running'";

/** What waits is made due, so that nothing has to be waited for. */
const HURRY = [
  "UPDATE workflow_step SET due_at = now() WHERE state = 'retrying' AND due_at > now()",
  "UPDATE background_job SET run_at = now(), published_at = NULL WHERE state IN ('queued', 'waiting') AND type = 'optimizeResume' AND created_at < now() - interval '1 second'",
];

/** As many applications as are asked for, where the demo has fewer: copies of its first one that were ended. */
const MULTIPLY = `
INSERT INTO application (id, workspace_id, candidate_id, job_opening_id, pipeline_stage_id, status, resume_document_id, applied_at)
SELECT gen_random_uuid(), a.workspace_id, a.candidate_id, a.job_opening_id, a.pipeline_stage_id, 'withdrawn', a.resume_document_id, a.applied_at
FROM (SELECT * FROM application WHERE resume_document_id IS NOT NULL ORDER BY id LIMIT 1) a
CROSS JOIN generate_series(1, $1 - (SELECT count(*) FROM application WHERE resume_document_id IS NOT NULL))`;

/** What has no documents yet, and why: a run that gave up says so in the test's answer. */
const LEFT = `
SELECT j.state, j.error_code AS "errorCode", j.error_message AS "errorMessage",
  (SELECT string_agg(concat_ws(' ', s.name, s.state, s.attempts, s.error_code), '; ' ORDER BY s.position) FROM workflow_step s WHERE s.background_job_id = j.id AND s.state <> 'done') AS steps
FROM resume_variant v JOIN background_job j ON j.id = v.run_id WHERE v.ready_at IS NULL`;

interface StepRow {
  readonly name: string;
  readonly text: string;
}

describe.each([['PostgreSQL alone', false], ['a Redis that comes and goes', true]])('resumes that are rewritten in a restless world, with %s', (_name, withRedis) => {
  const random = randomNumbers(50);
  const model = new FakeModelServer();
  let redis: Program | null = null;
  let redisPort = 0;
  let perch: Perch;
  let client: Client;
  let token: string;

  beforeAll(async () => {
    await model.start();
    if (withRedis) {
      redisPort = await freePort();
      redis = await startRedis(redisPort);
    }
    const beside: Record<string, string> = redis ? { REDIS_URL: `redis://127.0.0.1:${redisPort}` } : {};
    perch = await startPerch('process', async () => ({
      JOB_TRANSPORT: 'in-process', PERCH_STREAM_SECONDS: '3', PERCH_MODEL_PROVIDER: 'openai-compatible', PERCH_MODEL: 'test-model', PERCH_MODEL_BASE_URL: model.baseUrl,
      PERCH_MODEL_PRICE_INPUT: '1', PERCH_MODEL_PRICE_OUTPUT: '10', ...beside,
    }));
    const { body } = await new Client(perch.address).post('/api/auth/sign-in', { ...DEMO, as: 'token' });
    token = (body as { token: string }).token;
    client = new Client(perch.address).useToken(token);
    model.otherwise = moody;
  });
  afterAll(async () => {
    await perch.stop();
    await redis?.stop();
    await model.stop();
  });

  /** Four in ten calls go wrong: too many requests, a failure, a stream that is cut anywhere. */
  function moody(call: ReceivedCall): FakeAnswer {
    const mood = random();
    if (mood < 0.1) return { status: 429, headers: { 'retry-after': '1' } };
    if (mood < 0.18) return { status: 500 };
    const text = taskOf(call) === 'summary' ? `${faithful(call)}\n${'Reliable pipelines for data platforms. '.repeat(6)}` : faithful(call);
    return { text, between: 12, ...(mood < 0.4 && taskOf(call) !== 'analysis' ? { cutAfter: 1 + Math.floor(random() * 12) } : {}) };
  }

  async function begin(): Promise<{ variant: string; run: string }[]> {
    await perch.database.query(MULTIPLY, [RUNS]);
    const applications = await perch.database.query<{ id: string }>('SELECT id FROM application WHERE resume_document_id IS NOT NULL ORDER BY id LIMIT $1', [RUNS]);
    expect(applications).toHaveLength(RUNS);
    const begun = [];
    for (const { id } of applications) {
      const { data } = await client.graphql<{ optimizeResume: { id: string; runId: string } }>('mutation ($id: ID!) { optimizeResume(applicationId: $id) { id runId } }', { id });
      begun.push({ variant: data.optimizeResume.id, run: data.optimizeResume.runId });
    }
    return begun;
  }

  const left = (): Promise<object[]> => perch.database.query(LEFT);

  async function hurry(): Promise<void> {
    for (const statement of HURRY) await perch.database.query(statement);
    await client.get('/api/scheduled-job?task=process-pending').set('authorization', `Bearer ${CRON_SECRET}`).then(() => undefined, () => undefined);
  }

  it('end as they would in a quiet one', async () => {
    const begun = await begin();
    const readers = begun.map(({ run }) => new StreamReader(perch.address, token, run));
    const until = performance.now() + LIMIT_MS;
    for (let kills = 0; (await left()).length > 0 && performance.now() < until;) {
      await pause(400 + random() * 900);
      readers[Math.floor(random() * readers.length)]!.cut();
      if (kills < KILLS) {
        kills += 1;
        await perch.kill();
        await perch.database.query(LET_GO);
        await perch.restart();
      }
      if (redis && random() < 0.5) {
        await redis.stop();
        redis = await startRedis(redisPort);
      }
      await hurry();
    }
    expect(await left()).toEqual([]);
    for (const [index, reader] of readers.entries()) {
      await reader.ended();
      await expectExact(begun[index]!, reader);
    }
    const [calls] = await perch.database.query<{ missing: number }>(
      `SELECT count(*)::int AS missing FROM workflow_step s JOIN resume_variant v ON v.run_id = s.background_job_id
       WHERE s.result->>'end' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM model_call c WHERE c.resume_variant_id = v.id AND s.name LIKE c.step || '%')`);
    expect(calls!.missing).toBe(0);
  }, LIMIT_MS + 120_000);

  /** What a reader has put together is byte for byte what the steps have stored, without a gap and with nothing twice. */
  async function expectExact({ run, variant }: { run: string; variant: string }, reader: StreamReader): Promise<void> {
    expect(reader.numbers).toEqual(reader.numbers.map((_, index) => index + 1));
    const steps = await perch.database.query<StepRow>("SELECT name, result->>'text' AS text FROM workflow_step WHERE background_job_id = $1 AND result->>'end' IS NOT NULL ORDER BY position", [run]);
    const stored = new Map<string, string>();
    for (const { name, text } of steps) {
      const whole = name.replace(/, part \d+$/, '');
      stored.set(whole, `${stored.get(whole) ?? ''}${text}`);
    }
    const texts = new SectionTexts();
    texts.add(reader.received);
    const told = joinedParts(texts.sections).filter(({ name }) => TEXT.test(name));
    expect(told.map(({ name, text }) => [name, text])).toEqual([...stored]);
    expect(told.every(({ done }) => done)).toBe(true);
    expect(await perch.database.query('SELECT cardinality(document_ids) AS files FROM resume_variant WHERE id = $1', [variant])).toEqual([{ files: 4 }]);
  }
});

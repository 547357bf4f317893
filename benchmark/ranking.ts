import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createApplication, type PerchApplication } from '../src/bootstrap/create-application.js';
import { LocalServices } from '../src/bootstrap/local-services.js';
import { newId } from '../src/common/ids.js';
import { RequestContext } from '../src/common/request-context.js';
import { processEnvironment } from '../src/config/environment.js';
import { CandidateRankingService } from '../src/features/candidate-ranking/candidate-ranking.service.js';
import { PipelineService, STANDARD_STAGES } from '../src/features/pipelines/pipeline.service.js';
import { JobOpeningService, type NewRequirements } from '../src/features/recruiting/job-openings/job-opening.service.js';
import { Database } from '../src/infrastructure/database/database.js';
import { JobRunnerService } from '../src/serverless-jobs/runner/job-runner.service.js';
import { randomNumbers } from '../test/chaos/random.js';
import { inventedJob, inventedResume } from '../test/resume-analysis/scoring/pairs.js';

const CANDIDATES = 20_000;
const ROWS_AT_ONCE = 1_000;
/** What a function may take. */
const BUDGET_MS = 60_000;
const SAMPLE_MS = 20;
const distribution = dirname(dirname(fileURLToPath(import.meta.url)));

const INSERT = `
WITH given AS (SELECT * FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::text[]) AS g (id, name, parsed, lines)),
  people AS (INSERT INTO person (id, workspace_id, display_name) SELECT id, $1, name FROM given),
  candidates AS (INSERT INTO candidate (id, workspace_id, person_id, skills) SELECT id, $1, id, '{}' FROM given),
  documents AS (INSERT INTO document (id, workspace_id, candidate_id, kind, file_name, mime_type, byte_size, sha256, storage_key, parsed, parser_version)
    SELECT id, $1, id, 'resume', 'resume.pdf', 'application/pdf', 1, '', 'documents/' || id, parsed, '1' FROM given)
INSERT INTO document_text (document_id, workspace_id, lines) SELECT id, $1, lines FROM given`;

async function insertCandidates(owner: pg.Client, workspaceId: string): Promise<void> {
  const random = randomNumbers(20);
  for (let done = 0; done < CANDIDATES; done += ROWS_AT_ONCE) {
    const resumes = Array.from({ length: ROWS_AT_ONCE }, () => inventedResume(random));
    await owner.query(INSERT, [workspaceId, resumes.map(() => newId()), resumes.map(({ record }) => record.basics.name), resumes.map(({ record }) => JSON.stringify(record)), resumes.map(({ text }) => text.lines.join('\n'))]);
  }
  await owner.query('ANALYZE');
}

interface Run {
  readonly seconds: number;
  readonly invocations: number;
  readonly memory: number;
  readonly result: { readonly written: number } | null;
}

/** Lets the ranking that waits end, one invocation of a function's length after the other. */
async function rank({ nest }: PerchApplication, owner: pg.Client, workspaceId: string): Promise<Run> {
  const { rows } = await owner.query<{ id: string }>("UPDATE background_job SET run_at = now() WHERE type = 'rankCandidates' AND state = 'queued' RETURNING id");
  const jobId = rows[0]!.id;
  let [memory, invocations] = [0, 0];
  const sampling = setInterval(() => (memory = Math.max(memory, process.memoryUsage().rss)), SAMPLE_MS);
  const begin = performance.now();
  for (let state = 'yielded'; state === 'yielded'; invocations += 1) {
    state = (await nest.get(JobRunnerService, { strict: false }).run({ workspaceId, jobId, messageId: null }, performance.now() + BUDGET_MS)).kind;
  }
  const seconds = (performance.now() - begin) / 1_000;
  clearInterval(sampling);
  const { rows: ended } = await owner.query<{ result: Run['result'] }>('SELECT result FROM background_job WHERE id = $1', [jobId]);
  return { seconds, invocations, memory: memory / 1_048_576, result: ended[0]!.result };
}

const line = (name: string, { seconds, invocations, memory, result }: Run): string =>
  `${name.padEnd(32)}${seconds.toFixed(1).padStart(8)}${invocations.toString().padStart(13)}${(result?.written ?? 0).toString().padStart(9)}${((seconds * 1_000) / CANDIDATES).toFixed(2).padStart(17)}${memory.toFixed(0).padStart(14)}`;

async function measure(application: PerchApplication, owner: pg.Client): Promise<void> {
  const workspaceId = newId();
  await owner.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'ranking', 'Ranking')", [workspaceId]);
  await insertCandidates(owner, workspaceId);
  const caller = (): RequestContext => new RequestContext(workspaceId, { type: 'system', id: null }, 'owner');
  const get = <T>(token: abstract new (...values: never[]) => T): T => application.nest.get<T>(token, { strict: false });
  const random = randomNumbers(21);
  const wanted = (): NewRequirements => ({ ...inventedJob(random), criteria: [...inventedJob(random).criteria] });
  const context = caller();
  const opening = await get(Database).write(context, async () => {
    await get(PipelineService).create(context, { name: 'Hiring', stages: STANDARD_STAGES.map((stage) => ({ ...stage })) });
    return get(JobOpeningService).create(context, wanted());
  });
  const start = (): Promise<unknown> => get(CandidateRankingService).start(caller(), opening.id);
  process.stdout.write(`${CANDIDATES} candidates, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}, memory at rest ${(process.memoryUsage().rss / 1_048_576).toFixed(0)} MB\n\n`);
  process.stdout.write('ranking                          seconds  invocations  written  ms a candidate   peak MB RSS\n');
  await start();
  process.stdout.write(`${line('first', await rank(application, owner, workspaceId))}\n`);
  await start();
  process.stdout.write(`${line('again, nothing has changed', await rank(application, owner, workspaceId))}\n`);
  await get(JobOpeningService).changeRequirements(caller(), opening.id, opening.version, wanted());
  process.stdout.write(`${line('again, another rubric', await rank(application, owner, workspaceId))}\n`);
  const begin = performance.now();
  await get(CandidateRankingService).list(caller(), opening.id, { first: 50 });
  process.stdout.write(`\nfirst page of 50: ${(performance.now() - begin).toFixed(1)} ms\n`);
}

/** Ranks 20,000 invented candidates three times and prints time, invocations and memory. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-benchmark-'));
  chmodSync(folder, 0o755);
  Object.assign(process.env, { PERCH_DATA_DIR: folder, LOG_LEVEL: 'silent', NODE_ENV: 'production', JOB_TRANSPORT: 'qstash', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody' });
  const services = new LocalServices();
  await services.start(processEnvironment(), distribution, 'http://127.0.0.1:9');
  const owner = new pg.Client({ connectionString: process.env['DIRECT_URL'] });
  try {
    await owner.connect();
    await measure(await createApplication(), owner);
  } finally {
    await owner.end();
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

// node scripts/mutants.mjs [NAME...]: takes one defence of the background jobs away at a time, in dist/ only, and runs the tests that
// must notice. A mutant that lives is a defence without a test. Takes minutes; it is no part of `npm test`.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const jobs = (file) => join(root, 'dist', 'src', 'serverless-jobs', `${file}.js`);
const FAULTS = ['test/faults'];
const UNIT = ['test/serverless-jobs'];
const CHAOS = ['test/chaos/workload'];

/** What is taken away: a text of a compiled file, what stands there instead, and the tests that must fail. */
const MUTANTS = [
  { name: 'no ownership check', file: 'runner/running-job', from: 'if (owned.length === 0)', to: 'if (false)', tests: FAULTS },
  { name: 'no ownership check in the restless world', file: 'runner/running-job', from: 'if (owned.length === 0)', to: 'if (false)', tests: CHAOS },
  { name: 'no dedupe key in the restless world', file: 'enqueue/insert-jobs', from: "column('dedupeKey')", to: "column('dedupeKey').map(() => null)", tests: CHAOS },
  { name: 'no sweep in the restless world', file: 'outbox/job-sweeper', from: 'const MAX_ROUNDS = 10', to: 'const MAX_ROUNDS = 0', tests: CHAOS },
  { name: 'ownership without the fence', file: 'runner/running-job', from: "AND state = 'running' AND fence = $3 FOR UPDATE", to: "AND state = 'running' AND $3::int > 0 FOR UPDATE", tests: FAULTS },
  { name: 'ownership without a row lock', file: 'runner/running-job', from: 'AND fence = $3 FOR UPDATE', to: 'AND fence = $3', tests: FAULTS },
  { name: 'end without the fence', file: 'runner/job-end', from: "AND j.state = 'running' AND j.fence = $3", to: 'AND $3::int > 0', tests: [...FAULTS, ...UNIT] },
  { name: 'claim ignores a live lease', file: 'runner/job-claim', from: 'if (found.waitSeconds > 0)', to: "if (found.state !== 'running' && found.waitSeconds > 0)", tests: [...FAULTS, ...UNIT] },
  { name: 'claim ignores the state', file: 'runner/job-claim', from: "if (!found || ![", to: "if (!found || false && ![", tests: [...FAULTS, ...UNIT] },
  { name: 'claim without a row lock', file: 'runner/job-claim', from: 'WHERE workspace_id = $1 AND id = $2 FOR UPDATE', to: 'WHERE workspace_id = $1 AND id = $2', tests: [...FAULTS, ...UNIT] },
  { name: 'ready claim ignores the state', file: 'runner/job-claim', from: "AND j.state IN ('queued', 'waiting') AND j.run_at", to: 'AND j.run_at', tests: [...FAULTS, ...UNIT] },
  { name: 'step stored without the fence', file: 'workflows/step-store', from: "AND state = 'running' AND fence = $8 RETURNING", to: 'AND $8::int > 0 RETURNING', tests: [...FAULTS, ...UNIT] },
  { name: 'sweep ignores expired leases', file: 'outbox/job-sweeper', from: "OR (b.state = 'running' AND b.lease_until < now()", to: "OR (false AND b.lease_until < now()", tests: [...FAULTS, ...UNIT] },
  { name: 'sweep ignores old calls', file: 'outbox/job-sweeper', from: "greatest(b.run_at, b.published_at) < now() - interval '60 seconds'", to: 'false', tests: FAULTS },
  { name: 'sweep ignores what was never sent', file: 'outbox/job-sweeper', from: 'AND b.published_at IS NULL AND greatest', to: 'AND false AND greatest', tests: [...FAULTS, ...UNIT] },
  { name: 'sweep does not claim', file: 'outbox/job-sweeper', from: 'published_at = now(), parked = false', to: 'published_at = published_at, parked = false', tests: [...FAULTS, ...UNIT] },
  { name: 'published before the commit', file: 'outbox/job-publisher', from: 'this.database.collectUntilCommit(this, call, async (calls)=>void await this.publish(calls));', to: 'void this.publish([call]);', tests: UNIT },
  { name: 'one deduplication id a job', file: 'outbox/wake-up', from: '`${id}-${wake}`', to: '`${id}`', tests: FAULTS },
  { name: 'no dedupe key', file: 'enqueue/insert-jobs', from: "column('dedupeKey')", to: "column('dedupeKey').map(() => null)", tests: FAULTS },
  { name: 'attempts never run out', file: 'runner/attempt-failure', from: 'job.attempt >= job.maxAttempts', to: 'false', tests: [...FAULTS, ...UNIT] },
  { name: 'deaths of the process do not count', file: 'runner/job-attempt.service', from: 'if (claimed.attempt > claimed.maxAttempts)', to: 'if (false)', tests: FAULTS },
  { name: 'yield keeps the old mark', file: 'runner/job-end', from: 'wake = j.wake + 1, published_at = NULL, lease_until = NULL', to: 'lease_until = NULL', tests: [...FAULTS, ...UNIT] },
  { name: 'signature not bound to the address', file: 'transports/qstash.transport', from: 'url: this.address(path),', to: '', tests: FAULTS },
  { name: 'no clock tolerance', file: 'transports/qstash.transport', from: 'clockTolerance: CLOCK_TOLERANCE', to: 'clockTolerance: 0', tests: FAULTS },
];

/** Writes the file with the times that it had, so that the compiler takes it for its own work. */
function replace(path, text) {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, text);
  utimesSync(path, atime, mtime);
}

/** The title of the first test that fails; null where all pass. */
function firstFailure(tests) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs'), ...tests, '--bail'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 28 });
  return status === 0 ? null : /^ {2}● (?!Console)(.*)$/m.exec(stderr)?.[1] ?? 'no title was printed';
}

const wanted = process.argv.slice(2);
await compile();
let alive = 0;
for (const { name, file, from, to, tests } of MUTANTS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const path = jobs(file);
  const source = readFileSync(path, 'utf8');
  if (!source.includes(from)) {
    console.log(`STALE   ${name}: ${file} no longer contains its text`);
    alive += 1;
    continue;
  }
  replace(path, source.replace(from, to));
  const begin = Date.now();
  const noticed = firstFailure(tests);
  replace(path, source);
  if (noticed === null) alive += 1;
  console.log(`${noticed === null ? 'ALIVE  ' : 'noticed'} ${name} (${Math.round((Date.now() - begin) / 1_000)} s)${noticed === null ? '' : `: ${noticed}`}`);
}
console.log(alive === 0 ? 'every mutant was noticed' : `${alive} mutants live`);
process.exit(alive === 0 ? 0 : 1);

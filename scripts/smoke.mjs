// Asks a deployment whether it works: `node scripts/smoke.mjs https://perch.example.com`; --live asks only whether it answers at all.
// PERCH_SMOKE_KEY, an API key that may read, lets it look behind the sign-in too. Prints a line a check; 1 where one failed.
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 15_000;
const TRIES = 5;
const PAUSE_MS = 2_000;

async function ask(base, path, init = {}) {
  const response = await fetch(new URL(path, base), { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS), ...init });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, json };
}

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

const post = (body, headers = {}) => ({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

const live = ['it answers', async (base) => {
  const { status, json } = await ask(base, '/api/health/live');
  expect(status === 200 && json?.status === 'live', `/api/health/live answers ${status}`);
}];

const CHECKS = [
  live,
  ['what it needs answers', async (base) => {
    const { status, json } = await ask(base, '/api/health/ready');
    const bad = (json?.checks ?? []).filter(({ ok }) => !ok).map(({ name, note }) => (note ? `${name} (${note})` : name));
    expect(status === 200, `/api/health/ready answers ${status}: ${bad.join(', ') || json?.title || 'no reason'}`);
  }],
  ['the web application is there', async (base) => {
    const { status, text, headers } = await ask(base, '/');
    expect(status === 200 && /<div id="root"/.test(text), `/ answers ${status} without the page`);
    expect(/default-src 'self'/.test(headers.get('content-security-policy') ?? ''), '/ has no content security policy');
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(text)?.[1];
    expect(script && (await ask(base, script)).status === 200, 'the script of the page is not there');
  }],
  ['strangers are kept out', async (base) => {
    const { json } = await ask(base, '/api/graphql', post({ query: '{ applications { totalCount } }' }));
    expect(json?.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED', 'GraphQL answers without a sign-in');
    expect((await ask(base, '/api/job-runner', post({}))).status === 401, '/api/job-runner takes a call without a signature');
    expect((await ask(base, '/api/scheduled-job')).status === 401, '/api/scheduled-job takes a call without CRON_SECRET');
  }],
];

const behindTheDoor = (key) => ['a key may read', async (base) => {
  const { json } = await ask(base, '/api/graphql', post({ query: '{ applications { totalCount } }' }, { authorization: `Bearer ${key}` }));
  expect(Number.isInteger(json?.data?.applications?.totalCount), `GraphQL answers ${JSON.stringify(json?.errors?.[0]?.extensions?.code ?? json?.code ?? null)}`);
}];

/** Runs one check, several times where a deployment may still be on its way. Returns null, or what is wrong. */
async function failureOf(check, base, tries) {
  for (let attempt = 1; ; attempt++) {
    try {
      await check(base);
      return null;
    } catch (error) {
      if (attempt >= tries) return error.cause?.code ?? error.message;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

export async function smoke(base, { onlyLive = false, key = null, tries = TRIES, say = console.log } = {}) {
  let failures = 0;
  for (const [name, check] of onlyLive ? [live] : [...CHECKS, ...(key ? [behindTheDoor(key)] : [])]) {
    const failure = await failureOf(check, base, tries);
    if (failure !== null) failures++;
    say(failure === null ? `ok       ${name}` : `FAILED   ${name}: ${failure}`);
  }
  return failures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const base = args.find((argument) => URL.canParse(argument));
  if (!base) {
    console.error('Usage: node scripts/smoke.mjs [--live] [--once] URL');
    process.exit(2);
  }
  const onlyLive = args.includes('--live');
  process.exitCode = await smoke(base, { onlyLive, key: process.env.PERCH_SMOKE_KEY ?? null, tries: onlyLive || args.includes('--once') ? 1 : TRIES }) === 0 ? 0 : 1;
}

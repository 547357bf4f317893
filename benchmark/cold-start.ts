import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalServices } from '../src/bootstrap/local-services.js';
import { processEnvironment } from '../src/config/environment.js';
import { median, spread } from './statistics.js';
import type { Usage } from './usage.js';

interface Variant {
  readonly name: string;
  readonly file: string;
  readonly flags: readonly string[];
}

interface Sample extends Usage {
  readonly wall: number;
}

const distribution = dirname(dirname(fileURLToPath(import.meta.url)));
const VARIANTS: readonly Variant[] = [
  { name: 'floor A: node:http + pg', file: 'floor.js', flags: [] },
  { name: 'Perch, built function', file: 'graphql-function.js', flags: [] },
  { name: 'Perch, files unbundled', file: 'graphql-function.js', flags: ['--conditions=unbundled'] },
];
const QUERY = 'query ($id: ID!) { application(id: $id) { id candidate { person { displayName } } } }';

async function ask(port: number, token: string, id: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query: QUERY, variables: { id } }),
  });
  return response.text();
}

/** From the start of the process to the last byte of its first answer. Throws when the answer is not the right one. */
async function measure({ file, flags }: Variant, token: string, id: string): Promise<Sample> {
  const begin = performance.now();
  const child = fork(join(distribution, 'benchmark', file), [], { execArgv: [...flags], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const answer = await ask(port, token, id);
  const wall = performance.now() - begin;
  if (!answer.includes(`"id":"${id}"`) || !answer.includes('displayName')) throw new Error(`${file} answered ${answer}`);
  child.send('usage');
  const [usage] = (await once(child, 'message')) as [Usage];
  await once(child, 'exit');
  return { wall, ...usage };
}

/** A session and an application to ask for, made through the doors themselves. */
async function prepare(): Promise<{ token: string; id: string }> {
  const [email, password] = execFileSync(process.execPath, [join(distribution, '..', 'scripts', 'perch.mjs'), 'seed'], { encoding: 'utf8' }).trim().split(/\s+/);
  const { createLocalServer } = await import('../src/bootstrap/local-server.js');
  const server = createLocalServer(distribution, () => true).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}/api`;
  const post = async (path: string, body: object, headers = {}): Promise<unknown> =>
    (await fetch(address + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })).json();
  const { token } = (await post('/auth/sign-in', { email, password, as: 'token' })) as { token: string };
  const { data } = (await post('/graphql', { query: '{ applications(first: 1) { nodes { id } } }' }, { authorization: `Bearer ${token}` })) as { data: { applications: { nodes: { id: string }[] } } };
  server.closeAllConnections();
  server.close();
  return { token, id: data.applications.nodes[0]!.id };
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const floor = samples.get(VARIANTS[0]!.name)!;
  for (const [name, measured] of samples) {
    const column = (pick: (sample: Sample) => number): string => {
      const values = measured.map(pick);
      return `${median(values).toFixed(0)} (${spread(values).map((value) => value.toFixed(0)).join(' to ')})`;
    };
    const ratio = (pick: (sample: Sample) => number): string => (median(measured.map(pick)) / median(floor.map(pick))).toFixed(2);
    process.stdout.write(`${name.padEnd(26)} wall ms ${column(({ wall }) => wall).padEnd(20)} x${ratio(({ wall }) => wall)}   CPU ms ${column(({ cpu }) => cpu).padEnd(20)} x${ratio(({ cpu }) => cpu)}   RSS MB ${median(measured.map(({ memory }) => memory)).toFixed(0)}\n`);
  }
}

/** Alternates the variants, drops the first round, prints medians, quartiles and ratios to the floor of the same run. */
export async function run(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-benchmark-'));
  chmodSync(folder, 0o755);
  Object.assign(process.env, { PERCH_DATA_DIR: folder, LOG_LEVEL: 'error', NODE_ENV: 'production' });
  const services = new LocalServices();
  await services.start(processEnvironment(), distribution, 'http://127.0.0.1:9');
  try {
    const { token, id } = await prepare();
    const samples = new Map<string, Sample[]>(VARIANTS.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const variant of VARIANTS) {
        const sample = await measure(variant, token, id);
        if (round > 0) samples.get(variant.name)!.push(sample);
      }
    }
    process.stdout.write(`Node ${process.versions.node}, ${rounds} rounds, from the start of the process to the end of its first answer\n`);
    print(samples);
  } finally {
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

// Runs the bundle through its usual requests on a database of its own, then keeps the code that V8 compiled for them.
// A process of its own, because the functions that were called decide what is kept.
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const load = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
const ROUNDS = 4;
const folder = process.argv[2];

const [{ LocalServices }, { processEnvironment }] = [await load('src/bootstrap/local-services.js'), await load('src/config/environment.js')];
Object.assign(process.env, { PERCH_DATA_DIR: folder, LOG_LEVEL: 'error', NODE_ENV: 'production' });
const services = new LocalServices();
await services.start(processEnvironment(), join(root, 'dist'), 'http://127.0.0.1:9');
// In a process of its own: GraphQL types register themselves globally, and one process must not load them twice.
const seeded = spawnSync(process.execPath, [join(root, 'scripts', 'perch.mjs'), 'seed'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const [email, password] = seeded.stdout.trim().split(/\s+/);

const handler = createRequire(import.meta.url)(join(root, 'dist', 'functions', 'function-handler.cjs'));
const doors = Object.fromEntries(['graphql', 'auth', 'health', 'applications', 'job-runner'].map((name) => [name, handler.functionHandler(name)]));
const server = createServer((request, response) => doors[request.url.split(/[/?]/)[2]](request, response)).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const address = `http://127.0.0.1:${server.address().port}/api`;
const post = async (path, body, headers = {}) => (await fetch(address + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })).json();
for (let round = 0; round < ROUNDS; round++) {
  const { token } = await post('/auth/sign-in', { email, password, as: 'token' });
  const headers = { authorization: `Bearer ${token}` };
  const { data, ...refused } = await post('/graphql', { query: '{ viewer { role } applications { totalCount nodes { id score stage { name } candidate { person { displayName emails { address } } } analysis { state } } } jobOpenings { nodes { title } } }' }, headers);
  if (!data) throw new Error(JSON.stringify(refused));
  const { id } = data.applications.nodes[0];
  await post('/graphql', { query: 'query ($id: ID!) { application(id: $id) { id stageEvents { id } jobOpening { pipeline { stages { name } } } scoreRun { score } } }', variables: { id } }, headers);
  await fetch(`${address}/applications`, { headers });
  await fetch(`${address}/health/ready`);
}
const cache = handler.createCodeCache();
await writeFile(join(root, 'dist', 'functions', `application.cjs.${process.versions.v8}.cache`), cache);
const loader = JSON.stringify(join(root, 'dist', 'functions', 'function-handler.cjs'));
const accepted = spawnSync(process.execPath, ['-p', `require(${loader}).usesCodeCache`], { encoding: 'utf8' }).stdout.trim() === 'true';
console.log(`code cache: ${(cache.length / 1e6).toFixed(1)} MB, ${accepted ? 'accepted' : 'REFUSED'} by V8 ${process.versions.v8}`);
await services.stop();
process.exit(accepted ? 0 : 1);

// npm run build: types are checked, sources compiled, the web application and the functions bundled, the code cache made.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb } from './build-web.mjs';
import { bundleFunctions } from './bundle.mjs';
import { compile } from './compile.mjs';
import { registerSchedules } from './register-schedules.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function checkTypes() {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', join(root, 'tsconfig.json')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** What a program needs to run at all. The warm-up fills a database and signs in: it must never see the one of a deployment. */
const bareEnvironment = () => Object.fromEntries(['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'LD_LIBRARY_PATH'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

/** A build without the cache is a good build that starts slower; a machine that cannot run PostgreSQL must be able to make one. */
function warmUp() {
  const folder = mkdtempSync(join(tmpdir(), 'perch-build-'));
  chmodSync(folder, 0o755);
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'warm-up.mjs'), folder], { cwd: root, stdio: 'inherit', env: bareEnvironment() });
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) console.warn('The code cache could not be made; cold starts will take longer.');
}

if (!process.argv.includes('--no-check')) checkTypes();
await compile();
await buildWeb();
const bytes = await bundleFunctions();
console.log(`functions: ${(bytes / 1e6).toFixed(1)} MB`);
warmUp();
registerSchedules();

// Compiles, then runs jest on the compiled tests, so that workers and child processes of a test run the same files.
// With CI=true a skipped test, or a suite with none, is a failure. The last line says "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb, webIsStale } from './build-web.mjs';
import { bundleFunctions, functionsAreStale } from './bundle.mjs';
import { compile } from './compile.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await compile();
if (await webIsStale()) await buildWeb();
if (await functionsAreStale()) await bundleFunctions();
const folder = mkdtempSync(join(tmpdir(), 'perch-test-'));
const report = join(folder, 'report.json');
const args = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${report}`, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, {
  cwd: root, stdio: ['inherit', 'ignore', 'inherit'],
  env: { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim() },
});
let passed = 0;
let failed = status === 0 ? 0 : 1;
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed = result.numPassedTests;
  failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  if (process.env.CI === 'true' && skipped > 0) {
    console.error(`${skipped} tests were skipped; CI refuses that.`);
    failed += skipped;
  }
  if (status !== 0 && failed === 0) failed = 1;
} catch (error) {
  console.error(`jest left no report: ${error.message}`);
  failed = Math.max(failed, 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

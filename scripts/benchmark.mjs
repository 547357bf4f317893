// npm run benchmark -- NAME [ROUNDS]: builds what is measured and runs benchmark/NAME.ts. See docs/operations/benchmarks.md.
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from './compile.mjs';

const NAMES = ['cold-start', 'jobs', 'matching', 'ocr', 'qstash', 'ranking', 'resume', 'stream'];
const NEEDS_FUNCTIONS = ['cold-start'];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, rounds = '15'] = process.argv.slice(2);
if (!NAMES.includes(name)) {
  console.error(`Say which: ${NAMES.join(', ')}.`);
  process.exit(2);
}
await compile();
const built = (() => { try { return readdirSync(join(root, 'dist', 'functions')).some((file) => file.endsWith(`${process.versions.v8}.cache`)); } catch { return false; } })();
if (NEEDS_FUNCTIONS.includes(name) && (!built || !process.argv.includes('--no-build'))) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
await (await import(pathToFileURL(join(root, 'dist', 'benchmark', `${name}.js`)).href)).run(Number(rounds));

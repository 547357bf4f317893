// Compiles TypeScript to dist/ with swc, file by file: a second's work, so that start and tests never run stale code.
import { transform } from '@swc/core';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDERS = ['api', 'src', 'migrations', 'test', 'benchmark'];
const OPTIONS = {
  swcrc: false,
  configFile: false,
  module: { type: 'es6' },
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
};

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function compileFile(source, target) {
  const [from, to] = await Promise.all([stat(source), stat(target).catch(() => null)]);
  if (to && Math.round(to.mtimeMs) === Math.floor(from.mtimeMs)) return false;
  const { code } = await transform(await readFile(source, 'utf8'), { ...OPTIONS, filename: source, sourceFileName: relative(dirname(target), source) });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code);
  const time = Math.floor(from.mtimeMs) / 1_000;
  await utimes(target, time, time);
  return true;
}

/** Compiles what has changed and removes what has no source any more. Returns how many files were written. */
export async function compile() {
  const wanted = new Set();
  const work = [];
  for (const folder of FOLDERS) {
    for (const source of await filesBelow(join(root, folder))) {
      if (!/\.ts$/.test(source) || source.endsWith('.d.ts') || source.includes(`${join('src', 'web')}/`)) continue;
      const target = join(root, 'dist', relative(root, source)).replace(/\.ts$/, '.js');
      wanted.add(target);
      work.push(compileFile(source, target));
    }
  }
  const written = (await Promise.all(work)).filter(Boolean).length;
  for (const folder of FOLDERS) {
    for (const file of await filesBelow(join(root, 'dist', folder))) if (file.endsWith('.js') && !wanted.has(file)) await rm(file);
  }
  return written;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`${await compile()} files compiled`);

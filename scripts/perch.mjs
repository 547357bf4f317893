#!/usr/bin/env node
// The command line. A source checkout, not an image of what was built, is compiled first; what is compiled already costs a look at the files' times.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (['src', 'node_modules/@swc/core'].every((path) => existsSync(join(root, path)))) await (await import('./compile.mjs')).compile();
const { runCommand } = await import(pathToFileURL(join(root, 'dist', 'src', 'cli', 'main.js')).href);
const code = await runCommand(process.argv.slice(2), join(root, 'dist'));
process.exit(code);

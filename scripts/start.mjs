// Starts Perch as one process: compiles what is stale, builds the web application if it is missing, then runs dist/src/main.js.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Perch needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
const root = dirname(dirname(fileURLToPath(import.meta.url)));
await (await import('./compile.mjs')).compile();
if (existsSync(join(root, 'src', 'web')) && !existsSync(join(root, 'public', 'index.html'))) await (await import('./build-web.mjs')).buildWeb();
process.removeAllListeners('warning');
await import(pathToFileURL(join(root, 'dist', 'src', 'main.js')).href);

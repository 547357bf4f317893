// Starts Perch as one process: compiles and builds what is stale, then runs dist/src/main.js.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Perch needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
const root = dirname(dirname(fileURLToPath(import.meta.url)));
await (await import('./compile.mjs')).compile();
const { buildWeb, webIsStale } = await import('./build-web.mjs');
if (await webIsStale()) await buildWeb();
process.removeAllListeners('warning');
await import(pathToFileURL(join(root, 'dist', 'src', 'main.js')).href);

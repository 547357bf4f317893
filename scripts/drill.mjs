// Runs a drill of what has to work on the worst day, and prints its figures: `npm run drill -- point-in-time` or `npm run drill -- large`.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name = ''] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name) || !existsSync(join(root, 'test', 'backup', `${name}.test.ts`))) {
  console.error('Usage: npm run drill -- point-in-time|large');
  process.exit(2);
}
process.exit(spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs'), `test/backup/${name}.test`], { cwd: root, stdio: 'inherit' }).status ?? 1);

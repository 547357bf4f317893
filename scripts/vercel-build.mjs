// Builds what Vercel would deploy, without an account: `node scripts/vercel-build.mjs PATH_OF_vc.js` runs the CLI's `vercel build` on a project that is
// linked to nothing, unless .vercel/project.json names a real one. The result is .vercel/output.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const UNLINKED = { projectId: 'prj_none', orgId: 'team_none', settings: { framework: null, nodeVersion: '24.x', installCommand: 'true' } };
const [cli] = process.argv.slice(2);
if (!cli || !existsSync(cli)) {
  console.error('Usage: node scripts/vercel-build.mjs PATH/node_modules/vercel/dist/vc.js');
  process.exit(2);
}
const project = join(root, '.vercel', 'project.json');
if (!existsSync(project)) {
  mkdirSync(dirname(project), { recursive: true });
  writeFileSync(project, JSON.stringify(UNLINKED));
}
rmSync(join(root, '.vercel', 'output'), { recursive: true, force: true });
const home = mkdtempSync(join(tmpdir(), 'perch-vercel-'));
const { VERCEL_TOKEN: _, ...env } = process.env;
// The build command runs the Node that runs this, so that the code cache is made by the version that will use it.
const { status } = spawnSync(process.execPath, [cli, 'build', '--prod', '--yes'], {
  cwd: root, stdio: 'inherit', env: { ...env, HOME: home, PATH: `${dirname(process.execPath)}:${env.PATH}`, VERCEL_TELEMETRY_DISABLED: '1', NO_UPDATE_NOTIFIER: '1' },
});
rmSync(home, { recursive: true, force: true });
process.exit(status ?? 1);

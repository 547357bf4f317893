import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArtifactsServer } from './artifacts-server.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BRIDGE = join(ROOT, 'scripts', 'nx-remote-cache.mjs');
const MAIN = { CI: 'true', GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'push' };
/** node_modules with the genuine nx. */
const modules = process.env['PERCH_TEST_NX'] ?? '';

describe('the genuine nx behind the bridge', () => {
  const upstream = new ArtifactsServer();
  let folder: string;

  beforeAll(async () => {
    await upstream.open();
    folder = await mkdtemp(join(tmpdir(), 'perch-nx-'));
    await symlink(modules, join(folder, 'node_modules'));
    await copyFile(join(ROOT, 'nx.json'), join(folder, 'nx.json'));
    const { nx } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { nx: object };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'perch', private: true, nx, scripts: { build: 'node build.mjs' } }));
    await writeFile(join(folder, 'build.mjs'), "import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('dist/functions', { recursive: true }); writeFileSync('dist/functions/out', 'built'); appendFileSync('runs', '.');");
  });
  afterAll(async () => {
    upstream.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs `nx build` with a local cache that is new, and returns how often the build has run so far. */
  async function build(environment: Readonly<Record<string, string>>): Promise<{ code: number; text: string; runs: number }> {
    const { PATH, HOME } = process.env;
    await rm(join(folder, 'dist'), { recursive: true, force: true });
    const local = await mkdtemp(join(tmpdir(), 'perch-nx-cache-'));
    const settings = { PERCH_CACHE_URL: upstream.url, VERCEL_ARTIFACTS_TOKEN: 'token-of-the-team', VERCEL_ARTIFACTS_OWNER: 'team_test', NX_CACHE_SIGNATURE_KEY: 'key' };
    const env = { PATH, HOME, NX_DAEMON: 'false', NX_CACHE_DIRECTORY: local, NX_WORKSPACE_DATA_DIRECTORY: local, ...settings, ...environment };
    const { code, text } = await new Promise<{ code: number; text: string }>((done) => execFile(process.execPath, [BRIDGE, 'build'], { cwd: folder, env }, (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), text: stdout + stderr })));
    await rm(local, { recursive: true, force: true });
    expect(await readFile(join(folder, 'dist', 'functions', 'out'), 'utf8')).toBe('built');
    return { code, text, runs: (await readFile(join(folder, 'runs'), 'utf8')).length };
  }

  it('builds without a token', async () => {
    expect(await build({ VERCEL_ARTIFACTS_TOKEN: '' })).toMatchObject({ code: 0, runs: 1 });
    expect(upstream.calls).toEqual([]);
  });

  it('reads but never writes on a branch', async () => {
    expect(await build({ ...MAIN, GITHUB_REF: 'refs/heads/topic' })).toMatchObject({ code: 0, runs: 2 });
    expect(upstream.calls.map(({ method }) => method)).toEqual(['GET']);
  });

  it('takes from main what main has built', async () => {
    expect(await build(MAIN)).toMatchObject({ code: 0, runs: 3 });
    expect(upstream.artifacts.size).toBe(1);
    const again = await build({});
    expect(again).toMatchObject({ code: 0, runs: 3 });
    expect(again.text).toMatch(/remote cache/);
  });

  it.each([['a wrong token', { VERCEL_ARTIFACTS_TOKEN: 'wrong' }], ['nobody upstream', { PERCH_CACHE_URL: 'http://127.0.0.1:9' }]])('builds all the same with %s', async (_, wrong) => {
    const { code, runs } = await build({ ...MAIN, ...wrong });
    expect([code, runs > 3]).toEqual([0, true]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = join(ROOT, '.github', 'workflows');

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly steps: readonly Step[];
  readonly 'timeout-minutes'?: number;
  readonly environment?: string;
}

interface Pipeline {
  readonly on: Readonly<Record<string, unknown>> | string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (file: string): Pipeline => parse(readFileSync(join(FOLDER, file), 'utf8'), { strict: true, uniqueKeys: true }) as Pipeline;
const files = readdirSync(FOLDER);
const jobsOf = (file: string): Job[] => Object.values(read(file).jobs);
const runs = (file: string): string[] => jobsOf(file).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

describe('the pipelines', () => {
  it('are these', () => {
    expect(files.sort()).toEqual(['ci.yml', 'deploy.yml', 'nightly.yml', 'preview.yml']);
    for (const file of files) expect(Object.keys(read(file))).toEqual(expect.arrayContaining(['name', 'on', 'permissions', 'jobs']));
  });

  it.each(files)('give %s no more than it needs', (file) => {
    expect(read(file).permissions).toEqual({ contents: 'read' });
    const triggers = read(file).on;
    expect(typeof triggers === 'string' ? [triggers] : Object.keys(triggers)).not.toContain('pull_request_target');
    for (const job of jobsOf(file)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      for (const { uses, run } of job.steps) {
        expect((uses === undefined) !== (run === undefined)).toBe(true);
        if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
        // What others choose, like the name of a branch, never becomes part of a program.
        if (run !== undefined) expect(run).not.toContain('${{');
      }
    }
  });

  it.each(files)('run programs that exist in %s', (file) => {
    const npm = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;
    for (const run of runs(file)) {
      expect([run, spawnSync('bash', ['-n'], { input: run }).status]).toEqual([run, 0]);
      for (const [, path] of run.matchAll(/(?:node|bash) (?:--[\w-]+=\S+ )?((?:scripts|\.ci)\/\S+)/g)) expect([path, existsSync(join(ROOT, path!))]).toEqual([path, true]);
      for (const [, script] of run.matchAll(/npm run ([\w-]+)/g)) expect(npm).toHaveProperty(script!);
      for (const [, command] of run.matchAll(/perch\.mjs ([\w-]+)/g)) expect(readFileSync(join(ROOT, 'src', 'cli', 'main.ts'), 'utf8')).toContain(`case '${command}':`);
    }
  });

  it('deploy in the right order', () => {
    const [job] = jobsOf('deploy.yml') as [Job];
    const at = (text: string): number => job.steps.findIndex(({ run = '' }) => run.includes(text));
    const order = ['npm ci', 'doctor --functions', 'vercel build --prod', 'migrate plan', 'migrate up', 'vercel inspect', 'vercel deploy', 'smoke.mjs "$CANDIDATE"', 'vercel promote', 'schedules sync', 'smoke.mjs "$PRODUCTION_URL"', 'vercel rollback'].map(at);
    expect(order.every((place) => place >= 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(job.steps.at(-1)!.if).toMatch(/^failure\(\)/);
    expect([job.environment, job.if]).toEqual(['production', expect.stringContaining("conclusion == 'success'")]);
  });

  it('keep keys from forks', () => {
    for (const file of files) {
      for (const job of jobsOf(file)) {
        const usesKeys = JSON.stringify(job).includes('VERCEL_TOKEN');
        if (usesKeys && file === 'preview.yml') expect(job.if).toBe('github.event.pull_request.head.repo.full_name == github.repository');
        else if (usesKeys) expect(file).toBe('deploy.yml');
      }
    }
  });

  it('look after backups and dependencies', () => {
    expect(runs('nightly.yml').join('\n')).toMatch(/backup verify "\$BACKUP"[^]*restore "\$BACKUP" --into/);
    expect(runs('ci.yml').join('\n')).toMatch(/npm audit --omit=dev[^]*npm sbom/);
    const { status, stdout } = spawnSync('npm', ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format=cyclonedx'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 50_000_000 });
    const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string; licenses?: unknown }[] };
    expect([status, bomFormat, components.some(({ name }) => name === 'typeorm')]).toEqual([0, 'CycloneDX', true]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[] };
}

/** Lets dependency-cruiser look at the sources below a folder, by the rules in scripts/layers.cjs. */
function cruise(folder: string): Report {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const output = execFileSync(process.execPath, [program, '--config', join(root, 'scripts', 'layers.cjs'), '--output-type', 'json', 'src', 'api', 'migrations'], {
    cwd: folder, encoding: 'utf8', maxBuffer: 100_000_000, env: { PATH: process.env['PATH'] },
  });
  return JSON.parse(output) as Report;
}

const violations = (report: Report): string[] => report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);

/** What a tree of the given files breaks; each value is the address that the file imports. */
function plantedViolations(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'perch-layers-'));
  try {
    for (const name of ['src', 'api', 'migrations']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "module": "NodeNext", "moduleResolution": "NodeNext" } }');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, imported] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), imported === '' ? 'export const value = 1;\n' : `import * as other from '${imported}';\nexport const value = other;\n`);
    }
    return cruise(folder).summary.violations.map(({ rule }) => rule.name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the layers', () => {
  it('are kept by every module', () => {
    const report = cruise(root);
    expect(report.modules.filter(({ source }) => source.startsWith('src/')).length).toBeGreaterThan(220);
    expect(violations(report)).toEqual([]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['common-imports-downwards', { 'src/common/a.ts': '../features/b.js', 'src/features/b.ts': '' }],
    ['platform-imports-downwards', { 'src/platform/x/a.ts': '../../features/b.js', 'src/features/b.ts': '' }],
    ['no-cycle', { 'src/common/a.ts': './b.js', 'src/common/b.ts': './a.js' }],
    ['services-know-no-protocol', { 'src/platform/x/a.service.ts': './b.resolver.js', 'src/platform/x/b.resolver.ts': '' }],
    ['resolvers-touch-no-table', { 'src/features/companies/a.resolver.ts': 'typeorm' }],
    ['clients-stay-in-adapters', { 'src/platform/x/a.service.ts': 'pg' }],
    ['features-reach-earlier-ones', { 'src/features/companies/a.ts': '../recruiting/b.js', 'src/features/recruiting/b.ts': '' }],
    ['nothing-imports-what-stands-beside', { 'src/bootstrap/a.ts': '../qstash-server/b.js', 'src/qstash-server/b.ts': '' }],
    ['beside-imports-itself', { 'src/web/a.ts': '../platform/b.js', 'src/platform/b.ts': '' }],
    ['migrations-stand-alone', { 'migrations/1-a.ts': '../src/common/b.js', 'src/common/b.ts': '' }],
  ])('refuse a planted fault, %s', (rule, files) => {
    expect(plantedViolations(files)).toContain(rule);
  });
});

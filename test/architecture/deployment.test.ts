import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOORS, WELL_KNOWN } from '../../src/bootstrap/doors.js';
import { SECURITY_HEADERS } from '../../src/bootstrap/security-headers.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T;

interface Vercel {
  readonly headers: readonly { readonly source: string; readonly headers: readonly { readonly key: string; readonly value: string }[] }[];
  readonly crons: readonly { readonly path: string; readonly schedule: string }[];
  readonly rewrites: readonly { readonly source: string; readonly destination: string }[];
}

describe('the deployment', () => {
  const vercel = read<Vercel>('vercel.json');

  it('sends the headers of the ordinary process', () => {
    const all = vercel.headers.find(({ source }) => source === '/(.*)')!;
    expect(all.headers.map(({ key, value }) => [key, value])).toEqual(SECURITY_HEADERS.map(([key, value]) => [key, value]));
  });

  it('has a file for each door', () => {
    expect(readdirSync(join(root, 'api')).map((file) => file.replace('.ts', '')).sort()).toEqual([...DOORS].sort());
  });

  it('calls doors that exist', () => {
    for (const { path } of vercel.crons) expect(DOORS).toContain(path.split(/[/?]/)[2]);
    const nested = /\(([a-z|-]+)\)/.exec(vercel.rewrites[0]!.source)![1]!.split('|');
    for (const door of nested) expect(DOORS).toContain(door);
    expect(vercel.rewrites[1]).toEqual({ source: '/api/v1/:route*', destination: '/api/rest?route=:route*' });
    const known = Object.entries(WELL_KNOWN).map(([source, path]) => ({ source, destination: path.replace(/^(\/api\/[a-z-]+)\/(.*)$/, '$1?route=$2') }));
    expect(vercel.rewrites.slice(2, -1)).toEqual(known);
    expect(vercel.rewrites.at(-1)).toEqual({ source: '/((?!api/).*)', destination: '/index.html' });
  });

  it('leaves out only what is known', () => {
    expect(read<string[]>('dist/functions/left-out.json')).toEqual(read<string[]>('test/fixtures/left-out.json'));
  });

  it('is told of without dead links', () => {
    const pages = ['README.md', ...readdirSync(join(root, 'docs', 'operations')).filter((name) => name.endsWith('.md')).map((name) => join('docs', 'operations', name))];
    expect(pages.length).toBeGreaterThan(10);
    for (const page of pages) {
      const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
      expect(links.filter((link) => !existsSync(join(root, dirname(page), link))).map((link) => `${page}: ${link}`)).toEqual([]);
    }
  });

  it('has the top level of the plan', () => {
    const known = ['api', 'src', 'migrations', 'test', 'public', 'benchmark', 'docs', 'scripts', '.ci', '.github', 'Dockerfile', 'compose.yaml', 'VERCEL_ENVIRONMENT_VARIABLES.md', 'nx.json', 'vercel.json', 'package.json', 'tsconfig.json', 'README.md'];
    expect(known.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const MAX_FILE = 400;
const MAX_FUNCTION = 50;
const MAX_DEPENDENCIES = 6;

interface Finding {
  readonly file: string;
  readonly rule: string;
}

const sources = (): string[] => ['api', 'src', 'migrations', 'test', 'benchmark'].flatMap((folder) => {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
});

function isFunction(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isConstructorDeclaration(node);
}

/** What breaks the house limits in one file. A migration and a suite's outer function are lists, not logic: their length is free. */
function findingsIn(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  const add = (rule: string): void => void findings.push({ file, rule });
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  if (text.split('\n').length > MAX_FILE && !file.startsWith('migrations')) add('file length');
  if (/@ts-(ignore|nocheck|expect-error)|eslint-disable/.test(text) && !file.includes('house-limits')) add('suppression');
  if (/process\.env/.test(text) && file.startsWith('src/') && !file.startsWith('src/config/') && !file.startsWith('src/web/') && !file.startsWith('src/qstash-server/')) add('process.env outside config');
  if (file.startsWith('src/') && /^export \* from/m.test(text)) add('barrel');
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) add('any');
    if (isFunction(node) && !(file.startsWith('test/') && ts.isArrowFunction(node) && ts.isCallExpression(node.parent) && node.parent.expression.getText(tree).startsWith('describe'))) {
      const start = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
      const end = tree.getLineAndCharacterOfPosition(node.end).line;
      if (end - start + 1 > MAX_FUNCTION) add('function length');
    }
    if (ts.isConstructorDeclaration(node) && node.parameters.filter((parameter) => /@Inject/.test(parameter.getText(tree))).length > MAX_DEPENDENCIES) add('dependencies');
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return findings;
}

describe('house limits', () => {
  it('hold in every file', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((file) => findingsIn(relative(root, file), readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('keep the middle file short', () => {
    const lengths = sources().map((file) => readFileSync(file, 'utf8').split('\n').length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(80);
  });

  it('find planted faults', () => {
    const rulesOf = (file: string, text: string): string[] => findingsIn(file, text).map(({ rule }) => rule);
    expect(rulesOf('src/a.ts', 'const a = 1;\n'.repeat(401))).toEqual(['file length']);
    expect(rulesOf('src/a.ts', `function a() {\n${'1;\n'.repeat(60)}}`)).toEqual(['function length']);
    expect(rulesOf('src/a.ts', 'let a: any;')).toEqual(['any']);
    expect(rulesOf('src/a.ts', 'console.log(process.env.A);')).toEqual(['process.env outside config']);
    expect(rulesOf('src/a.ts', "export * from './b.js';")).toEqual(['barrel']);
    expect(rulesOf('src/a.ts', `class A { constructor(${Array.from({ length: 7 }, (_, index) => `@Inject(B) b${index}: B`).join(', ')}) {} }`)).toEqual(['dependencies']);
    expect(rulesOf('src/a.ts', '// @ts-ignore\n')).toEqual(['suppression']);
  });

  it('keep every door file thin', () => {
    const doors = readdirSync(join(root, 'api'));
    expect(doors.length).toBeGreaterThanOrEqual(7);
    for (const door of doors) {
      const name = door.replace(/\.ts$/, '');
      expect(readFileSync(join(root, 'api', door), 'utf8')).toBe(`import { functionHandler } from '#function-handler';\n\nexport default functionHandler('${name}');\n`);
    }
  });
});

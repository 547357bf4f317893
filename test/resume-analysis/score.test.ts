import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

describe('resume parser', () => {
  it('reads the known resumes at 93 %', () => {
    const scorer = join(root, '..', 'shared', 'resumes', 'score.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [scorer, '--', process.execPath, join(root, 'scripts', 'perch.mjs'), 'parse-resume'], {
      encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' },
    });
    const macro = /macro ([\d.]+) %/.exec(stdout);
    expect({ found: macro !== null, stderr }).toEqual({ found: true, stderr: expect.any(String) });
    expect(Number(macro![1])).toBeGreaterThanOrEqual(93);
  });
});

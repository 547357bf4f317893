import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.js';
import { VARIABLES } from '../../src/config/environment.schema.js';
import { problemsOf } from './problems-of.js';

const S3 = { PERCH_STORAGE: 's3', S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: '4711' };
const SUPABASE = { PERCH_STORAGE: 'supabase', SUPABASE_URL: 'https://project.example', SUPABASE_BUCKET: 'files', SUPABASE_SERVICE_KEY: '4711' };

describe('PERCH_STORAGE', () => {
  it('is the database at first', () => {
    expect(readEnvironment({}).objectStorage).toEqual({ kind: 'database' });
  });

  it('reads every setting', () => {
    expect(readEnvironment({ PERCH_STORAGE: 'disk', PERCH_STORAGE_DIR: '/srv/files' }).objectStorage).toEqual({ kind: 'disk', folder: '/srv/files' });
    expect(readEnvironment({ ...S3, S3_REGION: 'auto' }).objectStorage).toEqual({ kind: 's3', endpoint: 'https://s3.example', region: 'auto', bucket: 'files', accessKeyId: 'id', secretAccessKey: '4711' });
    expect(readEnvironment(SUPABASE).objectStorage).toEqual({ kind: 'supabase', url: 'https://project.example', bucket: 'files', serviceKey: '4711' });
  });

  it('names all that is missing', () => {
    const names = (problems: readonly string[]): string[] => problems.map((problem) => problem.split(' ')[0]!);
    expect(names(problemsOf({ PERCH_STORAGE: 's3' }))).toEqual(['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']);
    expect(names(problemsOf({ PERCH_STORAGE: 'supabase' }))).toEqual(['SUPABASE_URL', 'SUPABASE_BUCKET', 'SUPABASE_SERVICE_KEY']);
  });

  it('is no disk on functions', () => {
    expect(problemsOf({ PERCH_STORAGE: 'disk', VERCEL: '1' })).toContainEqual(expect.stringMatching(/^PERCH_STORAGE is disk/));
  });

  it.each([
    ['PERCH_STORAGE', 'tape'], ['S3_ENDPOINT', 'http://s3.example'], ['S3_ENDPOINT', 'https://user:4711@s3.example'], ['S3_BUCKET', '../other'], ['S3_BUCKET', 'a/b'], ['S3_REGION', 'Europe'], ['S3_ACCESS_KEY_ID', 'a\nb'],
  ])('refuses %s = %p', (name, value) => {
    const problems = problemsOf({ ...S3, [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
    expect(problems[0]).not.toContain('4711');
  });

  it('marks its keys as secret', () => {
    expect(VARIABLES.filter(({ name, secret }) => secret && /^(S3|SUPABASE)_/.test(name)).map(({ name }) => name)).toEqual(['S3_SECRET_ACCESS_KEY', 'SUPABASE_SERVICE_KEY']);
  });
});

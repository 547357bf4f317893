import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { isKnownOrigin } from '../../src/bootstrap/cross-origin.js';
import { problemsOf } from '../config/problems-of.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startInstance, type Instance } from './instances.js';

const SETTINGS = { publicUrl: 'https://perch.example', previewOrigin: 'https://perch-*-team.vercel.app' };
const FOREIGN = [
  'https://evil.example', 'http://perch.example', 'https://perch.example.evil.example', 'https://evil-perch.example', 'https://perch.example:8443', 'null', 'https://perch-a-team.vercel.app.evil.example',
  'https://perch-evil.example/-team.vercel.app', 'https://perch-a.b-team.vercel.app', 'https://perch--team.vercel.app.', 'https://evil.perch-a-team.vercel.app', 'http://perch-a-team.vercel.app', 'https://perch-a-team-vercel-app',
];

describe('pages of other origins', () => {
  let database: TestDatabase;
  let instance: Instance;

  beforeAll(async () => {
    database = await createTestDatabase();
    instance = await startInstance(database, { PERCH_PUBLIC_URL: SETTINGS.publicUrl, PERCH_PREVIEW_ORIGIN: SETTINGS.previewOrigin });
  });
  afterAll(async () => {
    await instance.stop();
    await database.drop();
  });

  const preflight = (origin: string): request.Test => request(instance.address).options('/api/graphql').set({ origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' });

  it.each(['https://perch.example', 'https://perch-git-main-team.vercel.app'])('may read answers as %s', async (origin) => {
    const asked = await preflight(origin);
    expect([asked.status, asked.headers['access-control-allow-origin'], asked.headers['vary']]).toEqual([204, origin, 'origin']);
    expect(asked.headers['access-control-allow-headers']).toMatch(/authorization/);
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    const answer = await request(instance.address).get('/api/health/live').set({ origin });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, origin]);
  });

  it.each(FOREIGN)('may read nothing as %s', async (origin) => {
    const asked = await preflight(origin);
    expect(Object.keys(asked.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(asked.status).not.toBe(204);
    const answer = await request(instance.address).get('/api/health/live').set({ origin });
    expect([answer.headers['access-control-allow-origin'], answer.headers['vary']]).toEqual([undefined, 'origin']);
    expect(isKnownOrigin(origin, SETTINGS)).toBe(false);
  });

  it('are none where none is named', () => {
    expect(isKnownOrigin('https://perch.example', { publicUrl: null, previewOrigin: null })).toBe(false);
  });

  it.each(['*', 'https://*', 'https://*.app', 'https://*.*.vercel.app', 'https://perch.*.app', 'http://perch-*.vercel.app', 'https://perch-*.vercel.app/'])('are not named by %s', (pattern) => {
    expect(problemsOf({ PERCH_PREVIEW_ORIGIN: pattern })).toEqual([expect.stringMatching(/^PERCH_PREVIEW_ORIGIN must be like/)]);
  });
});

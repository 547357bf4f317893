import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArtifactsServer } from '../nx/artifacts-server.js';

interface Bridge {
  createBridge(settings: { accessToken: string; writes: boolean; token: string; team: string; upstream: string; signatureKey?: string }): Server;
  mayWrite(environment: Readonly<Record<string, string>>): boolean;
}

const MAIN = { CI: 'true', GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'push' };

describe('the bridge to the remote cache', () => {
  let bridge: Bridge;
  let upstream: ArtifactsServer;
  const open: Server[] = [];

  beforeAll(async () => {
    bridge = (await import(new URL('../../../scripts/nx-remote-cache.mjs', import.meta.url).href)) as Bridge;
  });
  beforeEach(async () => {
    upstream = await new ArtifactsServer().open();
  });
  afterEach(() => upstream.close());
  afterAll(() => {
    for (const server of open) server.closeAllConnections();
    for (const server of open) server.close();
  });

  async function start(settings: { writes?: boolean; token?: string; signatureKey?: string; upstream?: string } = {}): Promise<(method: string, hash: string, body?: string, token?: string) => Promise<Response>> {
    const server = bridge.createBridge({ accessToken: 'nx', writes: true, token: 'token-of-the-team', team: 'team_test', upstream: upstream.url, ...settings });
    open.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (method, hash, body, token = 'nx') => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/cache/${hash}`, { method, body, headers: { authorization: `Bearer ${token}` } });
  }

  it('gives back what it was given', async () => {
    const call = await start();
    expect((await call('GET', '12')).status).toBe(404);
    expect((await call('PUT', '12', 'built')).status).toBe(200);
    const found = await call('GET', '12');
    expect([found.status, await found.text()]).toEqual([200, 'built']);
  });

  it('writes nothing where it may not', async () => {
    const call = await start({ writes: false });
    expect((await call('PUT', '12', 'built')).status).toBe(200);
    expect(upstream.calls).toEqual([]);
  });

  it.each([[500], [401], [403], [429]])('takes an answer of %p for a miss', async (status) => {
    const call = await start();
    upstream.broken = status;
    expect((await call('GET', '12')).status).toBe(404);
    expect((await call('PUT', '12', 'built')).status).toBe(200);
  });

  it('takes silence for a miss', async () => {
    const call = await start({ upstream: 'http://127.0.0.1:9' });
    expect([(await call('GET', '12')).status, (await call('PUT', '12', 'built')).status]).toEqual([404, 200]);
  });

  it('serves its own run alone', async () => {
    const call = await start();
    const refused = await call('PUT', '12', 'planted', 'another');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'text/plain']);
    expect((await call('GET', '..%2f..%2fv2%2fuser')).status).toBe(404);
    expect(upstream.calls).toEqual([]);
  });

  it('takes foreign signatures for a miss', async () => {
    const call = await start({ signatureKey: 'key' });
    await call('PUT', '12', 'built');
    expect((await call('GET', '12')).status).toBe(200);
    upstream.artifacts.set('13', upstream.artifacts.get('12')!);
    upstream.artifacts.set('14', { body: Buffer.from('planted'), tag: null });
    expect([(await call('GET', '13')).status, (await call('GET', '14')).status]).toEqual([404, 404]);
  });

  it('may write in CI on main alone', () => {
    expect(bridge.mayWrite(MAIN)).toBe(true);
    expect(bridge.mayWrite({ CI: '1', VERCEL: '1', VERCEL_ENV: 'production', VERCEL_GIT_COMMIT_REF: 'main' })).toBe(true);
    for (const other of [{ CI: '' }, { GITHUB_REF: 'refs/heads/topic' }, { GITHUB_REF: 'refs/pull/1/merge' }, { GITHUB_EVENT_NAME: 'pull_request' }, { GITHUB_EVENT_NAME: 'pull_request_target' }]) expect(bridge.mayWrite({ ...MAIN, ...other })).toBe(false);
    expect(bridge.mayWrite({ CI: '1', VERCEL: '1', VERCEL_ENV: 'preview', VERCEL_GIT_COMMIT_REF: 'main' })).toBe(false);
  });
});

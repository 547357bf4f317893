import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/smoke.mjs', import.meta.url));

/** Runs the script as a person would. */
function smoke(address: string, flags: readonly string[] = ['--once'], key?: string): Promise<{ code: number; text: string }> {
  const env = { PATH: process.env['PATH'], ...(key === undefined ? {} : { PERCH_SMOKE_KEY: key }) };
  return new Promise((done) => execFile(process.execPath, [SCRIPT, ...flags, address], { env }, (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), text: stdout + stderr })));
}

describe('the smoke test', () => {
  let perch: Perch;
  const servers: Server[] = [];

  beforeAll(async () => {
    perch = await startPerch('process');
  });
  afterAll(async () => {
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
    await perch.stop();
  });

  /** Stands before Perch and answers one path differently. */
  async function spoiled(path: string, status: number, body = '{}'): Promise<string> {
    const server = createServer((request, response) => void (async () => {
      if (request.url === path) return void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const type = request.headers['content-type'];
      const answer = await fetch(perch.address + request.url, { method: request.method, headers: type === undefined ? {} : { 'content-type': type }, body: pieces.length > 0 ? Buffer.concat(pieces) : undefined });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '', 'content-security-policy': answer.headers.get('content-security-policy') ?? '' }).end(Buffer.from(await answer.arrayBuffer()));
    })());
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('passes a deployment that works', async () => {
    expect(await smoke(perch.address)).toEqual({ code: 0, text: 'ok       it answers\nok       what it needs answers\nok       the web application is there\nok       strangers are kept out\n' });
    expect(await smoke(perch.address, ['--live'])).toEqual({ code: 0, text: 'ok       it answers\n' });
  });

  it('looks behind the sign-in with a key', async () => {
    const client = await new Client(perch.address).signIn();
    const { data } = await client.graphql<{ createApiKey: { token: string } }>('mutation { createApiKey(input: { name: "smoke", scopes: ["applications.read"], days: 1 }) { token } }');
    expect((await smoke(perch.address, ['--once'], data.createApiKey.token)).text).toMatch(/ok {7}a key may read/);
    expect((await smoke(perch.address, ['--once'], 'wrong-key')).text).toMatch(/FAILED {3}a key may read: GraphQL answers "UNAUTHENTICATED"/);
  });

  it.each([
    ['/api/health/live', 500, '{}', 'it answers'], ['/api/health/ready', 503, '{"checks":[{"name":"schema","ok":false,"note":"lacks 2"}]}', 'what it needs answers: .*schema \\(lacks 2\\)'],
    ['/', 200, '{}', 'the web application is there'], ['/api/graphql', 200, '{"data":{"applications":{"totalCount":3}}}', 'strangers are kept out: GraphQL answers without'],
    ['/api/job-runner', 200, '{}', 'strangers are kept out: .*without a signature'], ['/api/scheduled-job', 200, '{}', 'strangers are kept out: .*without CRON_SECRET'],
  ])('fails where %s answers %p %s', async (path, status, body, failure) => {
    const { code, text } = await smoke(await spoiled(path, status, body));
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`FAILED   ${failure}`));
  });

  it('fails where nobody listens', async () => {
    expect(await smoke('http://127.0.0.1:9', ['--live'])).toMatchObject({ code: 1 });
    expect((await smoke('nowhere')).code).toBe(2);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';
import { apiKey } from './mcp-bench.js';

const BASELINE = fileURLToPath(new URL('../../../test/mcp/conformance-baseline.yaml', import.meta.url));
/** The command line of the genuine @modelcontextprotocol/conformance. */
const suite = process.env['PERCH_TEST_MCP_CONFORMANCE'] ?? '';

/** The suite knows no keys: whatever it sends is handed on with one, and with the host that it named. */
function withKey(address: string, token: string): Server {
  const target = new URL(address);
  return createServer((asked, answered) => {
    const onward = request({ host: '127.0.0.1', port: target.port, method: asked.method, path: asked.url, headers: { ...asked.headers, authorization: `Bearer ${token}` } }, (answer) => {
      answered.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(answered);
    });
    onward.once('error', () => answered.destroy());
    asked.pipe(onward);
  });
}

describe('the conformance suite of the Model Context Protocol', () => {
  let perch: Perch;
  let proxy: Server;
  let folder: string;

  beforeAll(async () => {
    perch = await startPerch('functions');
    proxy = withKey(perch.address, await apiKey(await new Client(perch.address).signIn(), allScopes()));
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    folder = await mkdtemp(join(tmpdir(), 'perch-mcp-conformance-'));
  });
  afterAll(async () => {
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
    await perch.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds what the baseline says', async () => {
    const url = `http://localhost:${(proxy.address() as AddressInfo).port}/api/mcp`;
    const { code, text } = await new Promise<{ code: number; text: string }>((done) => {
      execFile(process.execPath, [suite, 'server', '--url', url, '--suite', 'all', '--expected-failures', BASELINE, '--output-dir', folder], { maxBuffer: 1e8 },
        (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }));
    });
    expect({ code, text }).toMatchObject({ code: 0 });
    for (const name of ['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'dns-rebinding-protection']) expect(text).toMatch(new RegExp(`✓ ${name}: [1-9]`));
  });
});

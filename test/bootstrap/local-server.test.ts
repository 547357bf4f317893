import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createLocalServer } from '../../src/bootstrap/local-server.js';

const SCRIPT = 'export const a = 1;\n'.repeat(500);
const PICTURE = randomBytes(5_000);

describe('what the ordinary process serves', () => {
  let folder: string;
  let server: Server;

  /** As a client that decodes nothing by itself. */
  const get = (path: string, headers: Record<string, string> = {}): Promise<{ answer: IncomingMessage; body: Buffer }> => new Promise((done, fail) => {
    request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', () => done({ answer, body: Buffer.concat(chunks) }));
    }).once('error', fail).end();
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-public-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Perch</title>');
    await writeFile(join(folder, 'assets', 'app.js'), SCRIPT);
    await writeFile(join(folder, 'assets', 'picture.png'), PICTURE);
    server = createLocalServer(folder, () => false);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    await new Promise((done) => server.close(done));
    await rm(folder, { recursive: true });
  });

  it('is compressed as the browser asks', async () => {
    const [brotli, gzip, plain] = await Promise.all(['br, gzip', 'gzip', 'identity'].map((accepted) => get('/assets/app.js', { 'accept-encoding': accepted })));
    expect([brotli!, gzip!, plain!].map(({ answer }) => answer.headers['content-encoding'])).toEqual(['br', 'gzip', undefined]);
    expect([brotliDecompressSync(brotli!.body), gunzipSync(gzip!.body), plain!.body].map(String)).toEqual([SCRIPT, SCRIPT, SCRIPT]);
    expect(brotli!.body.length).toBeLessThan(SCRIPT.length / 10);
    expect(brotli!.answer.headers.vary).toMatch(/accept-encoding/i);
  });

  it('leaves pictures as they are', async () => {
    const { answer, body } = await get('/assets/picture.png', { 'accept-encoding': 'br, gzip' });
    expect([answer.headers['content-encoding'], body.equals(PICTURE)]).toEqual([undefined, true]);
  });

  it('is kept where its name tells its content', async () => {
    const [asset, page, unknown] = await Promise.all([get('/assets/app.js'), get('/jobs'), get('/api/nothing')]);
    expect([asset, page, unknown].map(({ answer }) => answer.headers['cache-control'])).toEqual(['public, max-age=31536000, immutable', 'no-cache', 'no-store']);
  });

  it('asks for https from then on', async () => {
    const { answer } = await get('/');
    expect(answer.headers['strict-transport-security']).toBe('max-age=63072000');
  });
});

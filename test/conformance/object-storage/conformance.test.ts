import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { bytesOf, CONTENT, facts, KINDS, newKey, openBench, PDF, pieces, upload, type Kind, type StorageBench } from './storage-bench.js';

describe.each<Kind>(KINDS)('the object storage %s', (kind) => {
  let bench: StorageBench;

  beforeAll(async () => {
    bench = await openBench(kind);
  });
  afterAll(() => bench.close());

  const put = async (content = CONTENT, key = newKey()): Promise<string> => {
    await bench.storage.put(bench.context, key, pieces(content), facts(content));
    return key;
  };
  const stored = async (key: string): Promise<Buffer> => bytesOf(await bench.storage.open(bench.context, key));

  it('gives back what it got', async () => {
    const key = await put();
    expect((await stored(key)).equals(CONTENT)).toBe(true);
    const found = await bench.storage.find(bench.context, key);
    expect(found).toMatchObject({ size: CONTENT.length });
    expect([null, PDF]).toContain(found!.contentType);
    expect(found!.sha256 === null || found!.sha256.equals(facts(CONTENT).sha256)).toBe(true);
    expect(Math.abs(found!.modifiedAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('takes bytes as well as streams', async () => {
    const key = newKey();
    await bench.storage.put(bench.context, key, CONTENT, facts(CONTENT));
    expect((await stored(key)).equals(CONTENT)).toBe(true);
  });

  it('replaces an object', async () => {
    const key = await put();
    await put(Buffer.from('another'), key);
    expect((await stored(key)).toString()).toBe('another');
  });

  it('reads a range', async () => {
    const key = await put();
    expect((await bytesOf(await bench.storage.open(bench.context, key, { first: 1_000, last: 70_000 }))).equals(CONTENT.subarray(1_000, 70_001))).toBe(true);
  });

  it('knows nothing of unknown keys', async () => {
    expect(await bench.storage.open(bench.context, newKey())).toBeNull();
    expect(await bench.storage.find(bench.context, newKey())).toBeNull();
    await bench.storage.delete(bench.context, newKey());
  });

  it('deletes', async () => {
    const key = await put();
    await bench.storage.delete(bench.context, key);
    expect(await bench.storage.find(bench.context, key)).toBeNull();
  });

  it('lists a kind page by page', async () => {
    const keys = (await Promise.all(Array.from({ length: 5 }, () => put(randomBytes(10), newKey().replace('documents', 'pictures'))))).sort();
    const seen: string[] = [];
    let [cursor, pages]: [string | null, number] = [null, 0];
    do {
      const page = await bench.storage.list(bench.context, 'pictures', { cursor, limit: 2 });
      for (const { key, size, modifiedAt } of page.objects) {
        expect([size, Math.abs(modifiedAt.getTime() - Date.now()) < 60_000]).toEqual([10, true]);
        seen.push(key);
      }
      ({ cursor } = page);
    } while (cursor !== null && ++pages < 9);
    expect(seen).toEqual(keys);
    expect((await bench.storage.list(bench.neighbour, 'pictures')).objects).toEqual([]);
  });

  it.each(['shorter', 'longer', 'other'] as const)('refuses content that is %s', async (how) => {
    const key = newKey();
    const other = how === 'shorter' ? CONTENT.subarray(1) : how === 'longer' ? Buffer.concat([CONTENT, Buffer.from('x')]) : randomBytes(CONTENT.length);
    await expect(bench.storage.put(bench.context, key, pieces(other), facts(CONTENT))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH', status: 422 });
    expect(await bench.storage.find(bench.context, key)).toBeNull();
  });

  it('keeps nothing of a broken stream', async () => {
    const key = newKey();
    async function* broken(): AsyncGenerator<Buffer> {
      yield CONTENT.subarray(0, 100_000);
      throw new Error('the caller is gone');
    }
    await expect(bench.storage.put(bench.context, key, Readable.from(broken(), { objectMode: false }), facts(CONTENT))).rejects.toThrow('the caller is gone');
    expect(await bench.storage.find(bench.context, key)).toBeNull();
  });

  it.each(['../documents/x', 'documents/../../x', 'documents/x', `documents/${'0'.repeat(36)}`, '/etc/passwd', 'documents\\x', ''])('refuses the key %p', async (key) => {
    const { storage, context } = bench;
    for (const call of [() => storage.put(context, key, CONTENT, facts(CONTENT)), () => storage.open(context, key), () => storage.find(context, key), () => storage.delete(context, key), () => storage.signDownload(context, key, { lifetime: 60, fileName: 'x', contentType: PDF })]) {
      await expect((async () => call())()).rejects.toThrow('An object key must be');
    }
    await expect((async () => storage.list(context, '../x'))()).rejects.toThrow('The kind of an object');
  });

  it('shows no workspace another one', async () => {
    const key = await put();
    expect(await bench.storage.find(bench.neighbour, key)).toBeNull();
    expect(await bench.storage.open(bench.neighbour, key)).toBeNull();
    await bench.storage.delete(bench.neighbour, key);
    expect((await stored(key)).equals(CONTENT)).toBe(true);
  });

  it('signs downloads that anybody can follow', async () => {
    const key = await put();
    const url = await bench.storage.signDownload(bench.context, key, { lifetime: 60, fileName: "Résumé (1)'s + 2.pdf", contentType: PDF });
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, PDF]);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''R%C3%A9sum%C3%A9%20[(%][^ ]+pdf;?$/);
    expect(Buffer.from(await answer.arrayBuffer()).equals(CONTENT)).toBe(true);
    const part = await fetch(url, { headers: { range: 'bytes=5-9' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, CONTENT.subarray(5, 10)]);
  });

  it('refuses expired and changed downloads', async () => {
    const [key, other] = [await put(), await put()];
    const url = await bench.storage.signDownload(bench.context, key, { lifetime: 60, fileName: 'a.pdf', contentType: PDF });
    expect((await fetch(url.replace(/.{3}$/, 'AAA').replace(key, other))).status).toBeGreaterThanOrEqual(400);
    const elsewhere = kind === 'database' || kind === 'disk' ? forged(url, { key: other }) : url.replace(key, other);
    expect(elsewhere).not.toBe(url);
    expect((await fetch(elsewhere)).status).toBeGreaterThanOrEqual(400);
    bench.clock.advance(61_000);
    expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
  });

  it('takes a signed upload once', async () => {
    const key = newKey();
    const signed = await bench.storage.signUpload(bench.context, key, { ...facts(CONTENT), lifetime: 60 });
    await expect(bench.storage.confirmUpload(bench.context, key, facts(CONTENT))).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
    expect((await upload(signed, CONTENT)).ok).toBe(true);
    await bench.storage.confirmUpload(bench.context, key, facts(CONTENT));
    expect((await stored(key)).equals(CONTENT)).toBe(true);
    expect((await upload(signed, CONTENT)).status).toBeGreaterThanOrEqual(400);
    expect(signed.expiresAt.getTime()).toBeGreaterThan(bench.clock.now().getTime());
  });

  it.each(['larger', 'smaller', 'of another type', 'of other bytes'] as const)('keeps no upload that is %s', async (how) => {
    const key = newKey();
    const signed = await bench.storage.signUpload(bench.context, key, { ...facts(CONTENT), lifetime: 60 });
    const body = { larger: Buffer.concat([CONTENT, CONTENT]), smaller: CONTENT.subarray(9), 'of another type': CONTENT, 'of other bytes': randomBytes(CONTENT.length) }[how];
    const answer = await upload(signed, body, { headers: how === 'of another type' ? { 'content-type': 'text/html' } : {} });
    // Supabase Storage takes them: its signature binds the key alone.
    expect(answer.ok).toBe(kind === 'supabase');
    await expect(bench.storage.confirmUpload(bench.context, key, facts(CONTENT))).rejects.toMatchObject({ code: kind === 'supabase' ? 'CONTENT_MISMATCH' : 'OBJECT_MISSING' });
    expect(await bench.storage.find(bench.context, key)).toBeNull();
  });

  it('refuses uploads elsewhere and too late', async () => {
    const [key, other] = [newKey(), newKey()];
    const signed = await bench.storage.signUpload(bench.context, key, { ...facts(CONTENT), lifetime: 60 });
    const own = kind === 'database' || kind === 'disk';
    const urls = own ? [forged(signed.url, { key: other }), forged(signed.url, { workspaceId: bench.neighbour.workspace })]
      : [signed.url.replace(key, other), signed.url.replace(bench.context.workspace, bench.neighbour.workspace)];
    for (const url of urls) expect((await upload(signed, CONTENT, { url })).status).toBeGreaterThanOrEqual(400);
    bench.clock.advance(signed.expiresAt.getTime() - bench.clock.now().getTime() + 1_000);
    expect((await upload(signed, CONTENT)).status).toBeGreaterThanOrEqual(400);
    for (const place of [key, other]) expect(await bench.storage.find(bench.context, place)).toBeNull();
    expect(await bench.storage.find(bench.neighbour, key)).toBeNull();
  });

  it('finds damage when an upload is confirmed', async () => {
    const key = await put();
    await bench.damage(key);
    await expect(bench.storage.confirmUpload(bench.context, key, facts(CONTENT))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  });

  it('signs nothing for longer than an hour', async () => {
    await expect(bench.storage.signDownload(bench.context, newKey(), { lifetime: 3_601, fileName: 'x', contentType: PDF })).rejects.toThrow('lives from 1 to 3600');
    await expect(bench.storage.signUpload(bench.context, newKey(), { ...facts(CONTENT), lifetime: 0 })).rejects.toThrow('lives from 1 to 3600');
  });
});

/** The address with other claims under the old signature. */
function forged(url: string, claims: object): string {
  const [, head, text, signature] = /^(.*\/signed\/)([^.]+)\.(.+)$/.exec(url)!;
  const changed = { ...(JSON.parse(Buffer.from(text!, 'base64url').toString()) as object), ...claims };
  return `${head}${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
}

import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { SupabaseSettings } from '../../../src/config/object-storage.js';
import { ObjectServer, Refusal, type Received } from './test-server.js';

const SECRET = 'jwt-secret-of-the-test-server';
const BUCKET = 'perch-test';
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (text: string): string => createHmac('sha256', SECRET).update(text).digest('base64url');

/**
 * Supabase Storage's REST contract. From its documentation (storage-js reference: createSignedUrl, createSignedUploadUrl,
 * uploadToSignedUrl, list, remove, info): signed uploads live two hours and do not replace unless upsert was asked for. From the
 * routes of its open source server (supabase/storage, src/http/routes/object): the paths below, `signedURL` and `url` relative to
 * /storage/v1, tokens that are JWTs whose `url` claim is `bucket/path`, `InvalidSignature` for another path, unknown objects as 400 with
 * statusCode "404", list-v2 with hasNext and nextCursor. A signed upload binds neither size, type nor checksum: neither does it here.
 */
export class SupabaseServer extends ObjectServer {
  get settings(): SupabaseSettings {
    return { url: this.origin, bucket: BUCKET, serviceKey: 'service-key-of-the-tests' };
  }

  protected answer(received: Received, response: ServerResponse): void {
    const { method, url } = received;
    const route = /^\/storage\/v1\/object\/(.*)$/.exec(url.pathname)?.[1] ?? '';
    const path = decodeURIComponent(route.split(`${BUCKET}/`)[1] ?? '');
    const call = `${method} ${route.split(BUCKET)[0]}`;
    if (call === 'GET sign/' || call === 'PUT upload/sign/') this.checkToken(call === 'GET sign/' ? 'download' : 'upload', path, url);
    else if (received.headers.authorization !== `Bearer ${this.settings.serviceKey}` || received.headers['apikey'] !== this.settings.serviceKey) throw new Refusal(403, 'Unauthorized');
    this.routes(path, received, response)[call]?.() ?? this.refuse(new Refusal(404, 'NoSuchRoute'), response);
  }

  protected refuse({ status, code }: Refusal, response: ServerResponse): void {
    this.json(response, status === 404 ? 400 : status, { statusCode: String(status), error: code, message: code });
  }

  private routes(path: string, received: Received, response: ServerResponse): Record<string, () => true> {
    const body = (): Record<string, unknown> => JSON.parse(received.body.toString()) as Record<string, unknown>;
    const store = (upsert: boolean): true => {
      if (!upsert && this.objects.has(path)) throw new Refusal(409, 'Duplicate');
      this.objects.set(path, { content: received.body, contentType: received.headers['content-type'] ?? 'text/plain', sha256: null, modifiedAt: this.now() });
      return this.json(response, 200, { Key: `${BUCKET}/${path}` });
    };
    const send = (extra: Record<string, string> = {}): true => {
      this.sendObject(this.get(path), received, response, extra);
      return true;
    };
    const name = received.url.searchParams.get('download');
    return {
      'POST ': () => store(received.headers['x-upsert'] === 'true'),
      'PUT upload/sign/': () => store(false),
      'GET authenticated/': () => send(),
      'GET sign/': () => send(name === null ? {} : { 'content-disposition': `attachment; filename=${encodeURIComponent(name)}; filename*=UTF-8''${encodeURIComponent(name)};` }),
      'GET info/': () => this.json(response, 200, { name: path, size: this.get(path).content.length, content_type: this.get(path).contentType, created_at: this.get(path).modifiedAt }),
      'POST sign/': () => this.get(path) && this.json(response, 200, { signedURL: `/object/sign/${BUCKET}/${path}?token=${this.token('download', path, Number(body()['expiresIn']))}` }),
      'POST upload/sign/': () => this.json(response, 200, { url: `/object/upload/sign/${BUCKET}/${path}?token=${this.token('upload', path, 7_200)}` }),
      'DELETE ': () => this.json(response, 200, (body()['prefixes'] as string[]).filter((key) => this.objects.delete(key))),
      'POST list-v2/': () => this.list(body(), response),
    };
  }

  private get(path: string): NonNullable<ReturnType<ObjectServer['objects']['get']>> {
    const object = this.objects.get(path);
    if (!object) throw new Refusal(404, 'not_found');
    return object;
  }

  private list(query: Record<string, unknown>, response: ServerResponse): true {
    const [prefix, limit, after] = [String(query['prefix']), Number(query['limit']), Buffer.from(String(query['cursor'] ?? ''), 'base64').toString()];
    const found = [...this.objects].filter(([key]) => key.startsWith(prefix) && key > after).sort(([a], [b]) => (a < b ? -1 : 1));
    const objects = found.slice(0, limit).map(([name, { content, modifiedAt }]) => ({ id: name, name, updated_at: modifiedAt, created_at: modifiedAt, metadata: { size: content.length } }));
    const hasNext = found.length > limit;
    return this.json(response, 200, { folders: [], objects, hasNext, ...(hasNext ? { nextCursor: Buffer.from(objects.at(-1)!.name).toString('base64') } : {}) });
  }

  private token(purpose: string, path: string, lifetime: number): string {
    const now = Math.floor(this.now().getTime() / 1_000);
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ url: `${BUCKET}/${path}`, purpose, iat: now, exp: now + lifetime })}`;
    return `${text}.${sign(text)}`;
  }

  private checkToken(purpose: string, path: string, url: URL): void {
    const [header, payload, signature] = (url.searchParams.get('token') ?? '').split('.');
    if (signature !== sign(`${header}.${payload}`)) throw new Refusal(400, 'InvalidJWT');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { url: string; purpose: string; exp: number };
    if (claims.url !== `${BUCKET}/${path}` || claims.purpose !== purpose) throw new Refusal(400, 'InvalidSignature');
    if (claims.exp * 1_000 < this.now().getTime()) throw new Refusal(400, 'ExpiredSignature');
  }

  private json(response: ServerResponse, status: number, body: object): true {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  }
}

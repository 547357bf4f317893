import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { S3Settings } from '../../../src/config/object-storage.js';
import { signatureV4 } from './signature-v4.js';
import { ObjectServer, Refusal, type Received } from './test-server.js';

const timeOf = (date: string): number => Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/**
 * A bucket with the S3 protocol that verifies signatures itself and holds uploads to what was signed. From AWS's documentation:
 * canonical requests and presigned addresses (sigv4-query-string-auth), that every x-amz header must be signed, XAmzContentSHA256Mismatch,
 * BadDigest for x-amz-checksum-sha256, 412 for If-None-Match, 411 without a length, ListObjectsV2 with start-after and encoding-type.
 */
export class S3Server extends ObjectServer {
  get settings(): S3Settings {
    return { endpoint: this.origin, region: 'eu-test-1', bucket: 'perch-test', accessKeyId: 'test-key', secretAccessKey: 'test/secret+key' };
  }

  protected answer(received: Received, response: ServerResponse): void {
    this.authenticate(received);
    const [, bucket, ...rest] = received.url.pathname.split('/');
    if (bucket !== this.settings.bucket) throw new Refusal(404, 'NoSuchBucket');
    const path = decodeURIComponent(rest.join('/'));
    if (path === '') return this.list(received.url.searchParams, response);
    if (received.method === 'PUT') return this.put(path, received, response);
    if (received.method === 'DELETE') {
      this.objects.delete(path);
      return void response.writeHead(204).end();
    }
    const object = this.objects.get(path);
    if (!object) throw new Refusal(404, 'NoSuchKey');
    const query = received.url.searchParams;
    const overrides = ['content-disposition', 'content-type'].flatMap((name) => (query.has(`response-${name}`) ? [[name, query.get(`response-${name}`)!]] : []));
    const checksum: Record<string, string> = received.headers['x-amz-checksum-mode'] === 'ENABLED' && object.sha256 !== null ? { 'x-amz-checksum-sha256': object.sha256 } : {};
    this.sendObject(object, received, response, { ...checksum, ...(Object.fromEntries(overrides) as Record<string, string>) });
  }

  protected refuse({ status, code }: Refusal, response: ServerResponse): void {
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  }

  private authenticate({ method, url, headers, body }: Received): void {
    const query = url.searchParams;
    const presigned = query.has('X-Amz-Signature');
    const authorization = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '');
    if (!presigned && !authorization) throw new Refusal(403, 'AccessDenied');
    const [credential, names, signature] = presigned ? ['Credential', 'SignedHeaders', 'Signature'].map((name) => query.get(`X-Amz-${name}`) ?? '') : authorization!.slice(1);
    const signedHeaders = names!.split(';');
    const date = presigned ? query.get('X-Amz-Date')! : String(headers['x-amz-date']);
    const age = (this.now().getTime() - timeOf(date)) / 1_000;
    if (presigned ? age > Number(query.get('X-Amz-Expires')) : Math.abs(age) > 900) throw new Refusal(403, presigned ? 'AccessDenied' : 'RequestTimeTooSkewed');
    const { accessKeyId, secretAccessKey, region } = this.settings;
    if (credential !== `${accessKeyId}/${date.slice(0, 8)}/${region}/s3/aws4_request`) throw new Refusal(403, 'InvalidAccessKeyId');
    const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
    if (!signedHeaders.includes('host') || unsigned.length > 0) throw new Refusal(403, 'AccessDenied');
    const payloadHash = presigned ? 'UNSIGNED-PAYLOAD' : String(headers['x-amz-content-sha256']);
    const expected = signatureV4(secretAccessKey, { method, target: url.pathname + url.search, headers }, { date, region, signedHeaders, payloadHash });
    if (signature !== expected) throw new Refusal(403, 'SignatureDoesNotMatch');
    if (payloadHash !== 'UNSIGNED-PAYLOAD' && payloadHash !== createHash('sha256').update(body).digest('hex')) throw new Refusal(400, 'XAmzContentSHA256Mismatch');
  }

  private put(path: string, { headers, body }: Received, response: ServerResponse): void {
    if (headers['content-length'] === undefined) throw new Refusal(411, 'MissingContentLength');
    if (headers['if-none-match'] === '*' && this.objects.has(path)) throw new Refusal(412, 'PreconditionFailed');
    const checksum = headers['x-amz-checksum-sha256'];
    if (checksum !== undefined && checksum !== createHash('sha256').update(body).digest('base64')) throw new Refusal(400, 'BadDigest');
    this.objects.set(path, { content: body, contentType: headers['content-type'] ?? 'binary/octet-stream', sha256: typeof checksum === 'string' ? checksum : null, modifiedAt: this.now() });
    response.writeHead(200).end();
  }

  private list(query: URLSearchParams, response: ServerResponse): void {
    const [limit, after, prefix] = [Number(query.get('max-keys') ?? 1_000), query.get('start-after') ?? '', query.get('prefix') ?? ''];
    const found = [...this.objects].filter(([key]) => key.startsWith(prefix) && key > after).sort(([a], [b]) => (a < b ? -1 : 1));
    const entries = found.slice(0, limit).map(([key, { content, modifiedAt }]) =>
      `<Contents><Key>${encodeURIComponent(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified><Size>${content.length}</Size></Contents>`);
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><ListBucketResult><IsTruncated>${found.length > limit}</IsTruncated>${entries.join('\n')}</ListBucketResult>`);
  }
}

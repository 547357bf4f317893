import { createHash, createHmac } from 'node:crypto';

const hex = (data: string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly target: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Scope {
  /** As in X-Amz-Date. */
  readonly date: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

/**
 * The signature that AWS's documentation describes ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API
 * Reference), written from that description and checked against its examples; it shares nothing with the client's signer.
 */
export function signatureV4(secret: string, { method, target, headers }: SignedRequest, { date, region, signedHeaders, payloadHash }: Scope): string {
  const [path = '', query = ''] = target.split('?');
  const parameters = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature=')).map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
  }).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = [
    method, path.split('/').map((part) => encode(decodeURIComponent(part))).join('/'), parameters.map((pair) => pair.join('=')).join('&'),
    ...signedHeaders.map((name) => `${name}:${String(headers[name] ?? '').trim().replace(/ +/g, ' ')}`), '', signedHeaders.join(';'), payloadHash,
  ].join('\n');
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce((last, part) => hmac(last, part), hmac(hmac(`AWS4${secret}`, day), region));
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n')).toString('hex');
}

import { createHash, createHmac } from 'node:crypto';
import { newSigningKey } from './schema.js';
import type pg from 'pg';

export interface SigningKeys {
  readonly current: string;
  readonly next: string;
}

const LIFETIME_SECONDS = 300;
const CACHE_MS = 1_000;
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

export async function readKeys(pool: pg.Pool): Promise<SigningKeys> {
  const { rows } = await pool.query<{ name: string; value: string }>(`SELECT name, value FROM qstash.setting WHERE name IN ('current', 'next')`);
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  return { current: values.get('current')!, next: values.get('next')! };
}

/** The next key becomes the current one, and a new one follows. */
export async function rotateKeys(pool: pg.Pool): Promise<SigningKeys> {
  await pool.query(
    `UPDATE qstash.setting s SET value = CASE s.name WHEN 'current' THEN (SELECT value FROM qstash.setting WHERE name = 'next') ELSE $1 END
     WHERE s.name IN ('current', 'next')`, [newSigningKey()]);
  return readKeys(pool);
}

/** The signing key, read at most once a second: a receiver knows the next key already when another process rotates. */
export class CurrentKey {
  private key: Promise<SigningKeys> | null = null;
  private readAt = 0;

  constructor(private readonly pool: pg.Pool) {}

  async get(): Promise<string> {
    if (this.key === null || performance.now() - this.readAt > CACHE_MS) {
      this.readAt = performance.now();
      this.key = readKeys(this.pool);
      this.key.catch(() => (this.key = null));
    }
    return (await this.key).current;
  }

  forget(): void {
    this.key = null;
  }
}

/** The value of Upstash-Signature: a JWT over the exact address and the raw body, as the vendor's Receiver checks it. */
export function sign(key: string, url: string, body: Buffer, tokenId: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'Upstash', sub: url, exp: now + LIFETIME_SECONDS, nbf: 0, iat: now, jti: tokenId, body: createHash('sha256').update(body).digest('base64url') };
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

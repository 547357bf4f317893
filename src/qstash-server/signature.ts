import { createHash } from 'node:crypto';
import { newSigningKey } from './schema.js';
import type pg from 'pg';

export interface SigningKeys {
  readonly current: string;
  readonly next: string;
}

const LIFETIME_SECONDS = 300;

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

/** The value of Upstash-Signature: a JWT over the exact address and the raw body, as the vendor's Receiver checks it. */
export async function sign(key: string, url: string, body: Buffer, tokenId: string): Promise<string> {
  const { SignJWT } = await import('jose');
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ body: createHash('sha256').update(body).digest('base64url') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('Upstash').setSubject(url).setIssuedAt(now).setNotBefore(0).setExpirationTime(now + LIFETIME_SECONDS).setJti(tokenId)
    .sign(new TextEncoder().encode(key));
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, importJWK, SignJWT, type JWTPayload } from 'jose';
import { createHmac, randomUUID } from 'node:crypto';
import request from 'supertest';
import { Client } from '../support/client.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { newKey, TokenIssuer, type SigningKey, type TokenChanges } from './token-issuer.js';

const VIEWER = '{ viewer { role user { email } workspace { slug } } }';
const SECRET = 'a-secret-of-the-issuer-that-signs-by-hs256';

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of the issuer', () => {
  let issuer: TokenIssuer;
  let perch: Perch;
  let rsa: SigningKey;
  let other: SigningKey;

  beforeAll(async () => {
    issuer = await new TokenIssuer().start();
    rsa = await newKey('rsa', 'RS256');
    other = await newKey('other', 'ES384');
    issuer.published.push(rsa.publicJwk, other.publicJwk);
    perch = await startPerch('process', async () => ({ TOKEN_ISSUER: issuer.url }));
  });
  afterAll(async () => {
    await perch.stop();
    await issuer.stop();
  });

  const call = (token: string, workspace?: string): request.Test => {
    const sent = request(perch.address).post('/api/graphql').set('authorization', `Bearer ${token}`).send({ query: VIEWER });
    return workspace === undefined ? sent : sent.set('x-perch-workspace', workspace);
  };
  const answerTo = async (token: string): Promise<unknown[]> => {
    const { status, body } = await call(token);
    return [status, (body as { code?: string }).code];
  };
  const withClaims = async (claims: JWTPayload, more: TokenChanges = {}): Promise<unknown[]> => answerTo(await issuer.token({ claims, ...more }));
  const REFUSED = [401, 'UNAUTHENTICATED'];

  it('opens Perch for its member', async () => {
    const { body } = await call(await issuer.token());
    expect(body.data.viewer).toEqual({ role: 'owner', user: { email: DEMO.email }, workspace: { slug: 'demo' } });
    const client = new Client(perch.address).useToken(await issuer.token({ key: rsa, claims: { email: DEMO.email.toUpperCase() } }));
    expect((await client.get('/api/v1/people')).status).toBe(200);
  });

  it('chooses the workspace by a header', async () => {
    await perch.database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'second', 'Second')", [randomUUID()]);
    expect((await call(await issuer.token(), 'second')).status).toBe(401);
    await perch.database.query("INSERT INTO membership (id, workspace_id, user_id, role) SELECT $1, w.id, u.id, 'interviewer' FROM workspace w, user_account u WHERE w.slug = 'second' AND u.email = $2", [randomUUID(), DEMO.email]);
    expect((await call(await issuer.token(), 'second')).body.data.viewer).toMatchObject({ role: 'interviewer', workspace: { slug: 'second' } });
    expect((await call(await issuer.token())).body.data.viewer).toMatchObject({ role: 'owner', workspace: { slug: 'demo' } });
    expect((await call(await issuer.token(), "x' OR 1=1")).status).toBe(400);
  });

  it('is refused without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE']) expect(await answerTo(`${base64({ alg, typ: 'JWT' })}.${base64(issuer.claims())}.`)).toEqual(REFUSED);
    const [header, , signature] = (await issuer.token()).split('.');
    expect(await answerTo(`${header}.${base64({ ...issuer.claims(), role: 'x' })}.${signature}`)).toEqual(REFUSED);
    expect(await answerTo(`${header}.${base64(issuer.claims())}.`)).toEqual(REFUSED);
  });

  it('is refused when signed with the public key', async () => {
    const publicKey = (await importJWK({ ...issuer.key.publicJwk, ext: true }, 'ES256', { extractable: true })) as CryptoKey;
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(issuer.key.publicJwk)]) {
      const signed = `${base64({ alg: 'HS256', kid: 'first', typ: 'JWT' })}.${base64(issuer.claims())}`;
      expect(await answerTo(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)).toEqual(REFUSED);
    }
    const hmac = new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'HS256' });
    expect(await answerTo(await hmac.sign(Buffer.from(SECRET)))).toEqual(REFUSED);
  });

  it('is refused for another place or time', async () => {
    const now = Math.floor(Date.now() / 1_000);
    expect(await withClaims({ aud: 'somebody-else' })).toEqual(REFUSED);
    expect(await withClaims({ iss: 'https://issuer.example.com/auth/v1' })).toEqual(REFUSED);
    expect(await withClaims({ exp: now - 60 })).toEqual(REFUSED);
    expect(await withClaims({ nbf: now + 60 })).toEqual(REFUSED);
    for (const name of ['exp', 'iss', 'aud']) expect(await withClaims({}, { without: [name] })).toEqual(REFUSED);
  });

  it('is refused under a foreign key', async () => {
    expect(await withClaims({}, { key: await newKey('unknown') })).toEqual(REFUSED);
    expect(await withClaims({}, { key: await newKey('first') })).toEqual(REFUSED);
    expect(await withClaims({}, { key: other })).toEqual(REFUSED);
  });

  it('counts for a verified member only', async () => {
    expect(await withClaims({ email: 'nobody@example.com' })).toEqual(REFUSED);
    expect(await perch.database.query("SELECT 1 FROM user_account WHERE email = 'nobody@example.com'")).toEqual([]);
    expect(await withClaims({ email_verified: false })).toEqual(REFUSED);
    expect(await withClaims({}, { without: ['email_verified'] })).toEqual(REFUSED);
    expect(await withClaims({ user_metadata: { email_verified: true } }, { without: ['email_verified'] })).toEqual(REFUSED);
    expect(await withClaims({ is_anonymous: true })).toEqual(REFUSED);
    expect(await withClaims({}, { without: ['email'] })).toEqual(REFUSED);
  });

  it('does not lead around a second factor', async () => {
    await perch.database.query('UPDATE user_account SET second_factor_since = now() WHERE email = $1', [DEMO.email]);
    expect(await withClaims({ aal: 'aal1' })).toEqual([403, 'SECOND_FACTOR_REQUIRED']);
    expect((await withClaims({ aal: 'aal2' }))[0]).toBe(200);
    await perch.database.query('UPDATE user_account SET second_factor_since = NULL WHERE email = $1', [DEMO.email]);
    await perch.database.query("UPDATE workspace SET second_factor_required = true WHERE slug = 'demo'");
    expect(await withClaims({})).toEqual([403, 'SECOND_FACTOR_REQUIRED']);
    expect((await withClaims({ amr: ['pwd', 'mfa'] }))[0]).toBe(200);
    await perch.database.query("UPDATE workspace SET second_factor_required = false WHERE slug = 'demo'");
  });
});

describe('an issuer with a shared secret', () => {
  let issuer: TokenIssuer;
  let perch: Perch;

  beforeAll(async () => {
    issuer = await new TokenIssuer().start();
    perch = await startPerch('process', async () => ({ TOKEN_ISSUER: issuer.url, TOKEN_SECRET: SECRET, TOKEN_EMAILS: 'confirmed-by-issuer' }));
  });
  afterAll(async () => {
    await perch.stop();
    await issuer.stop();
  });

  it('may sign by HS256', async () => {
    const sign = (secret: string, claims: JWTPayload = {}): Promise<string> => new SignJWT({ ...issuer.claims(), ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
    const statusOf = async (token: string): Promise<number> => (await new Client(perch.address).useToken(token).get('/api/v1/people')).status;
    expect(await statusOf(await sign(SECRET))).toBe(200);
    expect(await statusOf(await sign('a-secret-of-somebody-else-which-is-as-long'))).toBe(401);
    expect(await statusOf(await sign(SECRET, { aud: 'x' }))).toBe(401);
    expect(await statusOf(await issuer.token({ without: ['email_verified'] }))).toBe(200);
    expect(await statusOf(await issuer.token({ without: ['email_verified'], claims: { user_metadata: { email_verified: false } } }))).toBe(401);
  });
});

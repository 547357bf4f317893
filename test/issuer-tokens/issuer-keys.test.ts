import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { MovableClock } from '../../src/common/clock.js';
import { IssuerKeys } from '../../src/platform/identity/issuer-tokens/issuer-keys.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { newKey, TokenIssuer } from './token-issuer.js';

describe('the keys of the issuer', () => {
  let issuer: TokenIssuer;
  let perch: Perch;

  beforeAll(async () => {
    issuer = await new TokenIssuer().start();
    perch = await startPerch('process', async () => ({ TOKEN_ISSUER: issuer.url }));
  });
  afterAll(async () => {
    await perch.stop();
    await issuer.stop();
  });
  beforeEach(() => {
    issuer.down = false;
    issuer.asked = 0;
  });

  const statuses = async (tokens: readonly string[]): Promise<number[]> => Promise.all(tokens.map(async (token) => (await new Client(perch.address).useToken(token).get('/api/v1/people')).status));
  const several = (token: string): string[] => Array.from({ length: 30 }, () => token);
  const find = async (keys: IssuerKeys, token: string): Promise<string> => {
    const { header, payload, signature } = { header: decodeProtectedHeader(token), payload: token.split('.')[1]!, signature: token.split('.')[2]! };
    return keys.find(header, { payload, signature, protected: token.split('.')[0]! }).then(() => 'found', (error: { code: string }) => error.code);
  };

  it('are not hammered while they are away', async () => {
    issuer.down = true;
    expect(new Set(await statuses(several(await issuer.token())))).toEqual(new Set([503]));
    expect(issuer.asked).toBe(1);
  });

  it('are asked for once by many', async () => {
    await perch.kill();
    await perch.restart();
    expect(new Set(await statuses(several(await issuer.token())))).toEqual(new Set([200]));
    expect(issuer.asked).toBe(1);
    const stranger = await issuer.token({ key: await newKey('unknown') });
    expect(new Set(await statuses(several(stranger)))).toEqual(new Set([401]));
    expect(issuer.asked).toBe(1);
  });

  it('work on while the issuer is away', async () => {
    const clock = new MovableClock(new Date());
    const keys = new IssuerKeys(`${issuer.url}/.well-known/jwks.json`, clock, 0);
    const [known, unknown] = [await issuer.token(), await issuer.token({ key: await newKey('unknown') })];
    expect([await find(keys, known), await find(keys, unknown)]).toEqual(['found', 'ERR_JWKS_NO_MATCHING_KEY']);
    issuer.down = true;
    issuer.asked = 0;
    expect(await Promise.all([known, known, known].map((token) => find(keys, token)))).toEqual(['found', 'found', 'found']);
    expect([await find(keys, known), await find(keys, unknown)]).toEqual(['found', 'ISSUER_UNAVAILABLE']);
    expect(issuer.asked).toBe(1);
    issuer.down = false;
    const second = await newKey('second');
    issuer.published = [second.publicJwk];
    expect(await find(keys, await issuer.token({ key: second }))).toBe('ISSUER_UNAVAILABLE');
    clock.advance(31_000);
    expect([await find(keys, await issuer.token({ key: second })), await find(keys, known)]).toEqual(['found', 'ERR_JWKS_NO_MATCHING_KEY']);
  });
});

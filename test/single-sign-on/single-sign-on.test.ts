import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { derivedSealingKey, SecretBox } from '../../src/common/secret-box.js';
import { DEMO, SECRET, startPerch, type Perch } from '../support/perch.js';
import { PhoneOwner } from '../second-factor/authenticator-app.js';
import { addMember } from '../support/members.js';
import { Company, Visit, type Landing } from './company.js';

const VIEWER = { query: '{ viewer { user { email } } }' };
const problem = (code: string): string => `/sign-in?problem=${code}`;

describe('single sign-on', () => {
  let company: Company;
  let perch: Perch;

  beforeAll(async () => {
    company = await new Company().start();
    perch = await startPerch('process', async () => company.environment({ OIDC_EMAIL_DOMAINS: 'perch.example, Example.com' }));
  });
  afterAll(async () => {
    await perch.stop();
    await company.stop();
  });
  beforeEach(() => {
    company.person = { email: DEMO.email, email_verified: true };
  });

  const visit = (): Visit => new Visit(perch);
  const sessionOf = ({ cookies }: Landing): string | undefined => cookies.find((cookie) => cookie.startsWith('__Host-perch_session='));

  it('lets a member in and on', async () => {
    expect((await request(perch.address).get('/api/auth/ways')).body).toEqual({ singleSignOn: 'Sign in with Example', passkeys: false });
    const landing = await visit().through('/approvals?x=1');
    expect(landing.location).toBe('/approvals?x=1');
    expect(landing.cookies).toContain('__Host-perch_single_sign_on=');
    const { body } = await request(perch.address).post('/api/graphql').set('cookie', sessionOf(landing)!).send(VIEWER);
    expect(body.data.viewer.user.email).toBe(DEMO.email);
  });

  it('sends what the standard asks for', async () => {
    const begun = await visit().begin();
    const { searchParams } = new URL(begun.authorizationUrl);
    expect(Object.fromEntries(searchParams)).toMatchObject({ response_type: 'code', client_id: 'perch', code_challenge_method: 'S256', redirect_uri: `${perch.address}/api/auth/single-sign-on/callback`, scope: 'openid email profile' });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(searchParams.get(name)!.length).toBeGreaterThanOrEqual(43);
      expect(begun.cookies[0]).not.toContain(searchParams.get(name)!);
    }
  });

  it('leads nowhere but into Perch', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example', '/\n/evil.example', 'javascript:alert(1)', '/\\/evil.example', '']) {
      expect([next, (await visit().through(next)).location]).toEqual([next, '/jobs']);
    }
  });

  it('refuses a state of another browser', async () => {
    const [victim, attacker] = [await visit().begin(), await visit().begin()];
    const planted = await victim.back(await attacker.atProvider());
    expect([planted.location, sessionOf(planted)]).toEqual([problem('SSO_EXPIRED'), undefined]);
    const bare = visit();
    expect((await bare.back(await attacker.atProvider())).location).toBe(problem('SSO_EXPIRED'));
  });

  it('takes a state once', async () => {
    const twice = await visit().begin();
    const [first, second] = [await twice.atProvider(), await twice.atProvider()];
    expect(first.searchParams.get('code')).not.toBe(second.searchParams.get('code'));
    expect((await twice.back(first)).location).toBe('/jobs');
    expect((await twice.back(second)).location).toBe(problem('SSO_EXPIRED'));
    const raced = await visit().begin();
    const codes = await Promise.all([raced.atProvider(), raced.atProvider(), raced.atProvider()]);
    const landings = await Promise.all(codes.map((url) => raced.back(url)));
    expect(landings.filter((landing) => sessionOf(landing) !== undefined)).toHaveLength(1);
  });

  it('waits ten minutes', async () => {
    const begun = await visit().begin();
    const url = await begun.atProvider();
    const [name, sealed] = begun.cookies[0]!.split('=') as [string, string];
    const [box, place] = [new SecretBox([derivedSealingKey(SECRET)]), { workspaceId: null, field: 'single_sign_on.attempt' }];
    const attempt = JSON.parse(box.open(sealed, place)) as { until: number };
    expect(Math.abs(attempt.until - Date.now() - 600_000)).toBeLessThan(60_000);
    begun.cookies = [`${name}=${box.seal(JSON.stringify({ ...attempt, until: attempt.until - 600_000 }), place)}`];
    expect((await begun.back(url)).location).toBe(problem('SSO_EXPIRED'));
  });

  it('refuses a changed attempt', async () => {
    const begun = await visit().begin();
    const url = await begun.atProvider();
    const cookie = begun.cookies[0]!;
    begun.cookies = [`${cookie.slice(0, -4)}AAAA`];
    expect((await begun.back(url)).location).toBe(problem('SSO_EXPIRED'));
  });

  it('refuses the token of another attempt', async () => {
    for (const changes of [{ nonce: 'of-another-attempt' }, { nonce: undefined }, { aud: 'another-program' }, { iss: 'https://issuer.example.com' }, { exp: 1_000_000_000 }]) {
      company.person = { email: DEMO.email, email_verified: true, ...changes };
      expect((await visit().through()).location).toBe(problem('SSO_FAILED'));
    }
  });

  it('refuses the answer of another issuer', async () => {
    const begun = await visit().begin();
    const url = await begun.atProvider();
    url.searchParams.set('iss', 'https://issuer.example.com');
    expect((await begun.back(url)).location).toBe(problem('SSO_FAILED'));
    const named = await visit().begin();
    const right = await named.atProvider();
    right.searchParams.set('iss', company.issuer);
    expect((await named.back(right)).location).toBe('/jobs');
  });

  it('refuses what the provider refuses', async () => {
    const begun = await visit().begin();
    const url = new URL(`${perch.address}/api/auth/single-sign-on/callback?error=access_denied`);
    url.searchParams.set('state', new URL(begun.authorizationUrl).searchParams.get('state')!);
    expect((await begun.back(url)).location).toBe(problem('SSO_FAILED'));
  });

  it('trusts verified addresses of members only', async () => {
    const landings: Record<string, string> = {};
    for (const [name, person] of Object.entries({
      unverified: { email: DEMO.email, email_verified: false }, unsaid: { email: DEMO.email }, none: { email_verified: true }, edovFalse: { email: DEMO.email, xms_edov: false },
      edov: { email: DEMO.email, xms_edov: true }, unknown: { email: 'nobody@example.com', email_verified: true }, domain: { email: 'demo@perch.test', email_verified: true },
      nameOnly: { preferred_username: DEMO.email, upn: DEMO.email, email_verified: true },
    })) {
      company.person = person;
      landings[name] = (await visit().through()).location;
    }
    expect(landings).toEqual({
      unverified: problem('SSO_UNVERIFIED'), unsaid: problem('SSO_UNVERIFIED'), none: problem('SSO_UNVERIFIED'), edovFalse: problem('SSO_UNVERIFIED'),
      edov: '/jobs', unknown: problem('SSO_UNKNOWN'), domain: problem('SSO_DOMAIN'), nameOnly: problem('SSO_UNVERIFIED'),
    });
    expect(await perch.database.query("SELECT 1 FROM user_account WHERE email = 'nobody@example.com'")).toEqual([]);
  });

  it('asks for the second factor that one has', async () => {
    await addMember(perch.database, 'Ada', 'recruiter');
    const ada = await new PhoneOwner(perch, 'ada@perch.example').enrol();
    await ada.wait();
    company.person = { email: ada.email, email_verified: true };
    const landing = await visit().through('/approvals');
    expect(sessionOf(landing)).toBeUndefined();
    const [, ticket] = /^\/sign-in\?next=%2Fapprovals#ticket=(ticket_\w{32}_[\w-]{43})$/.exec(landing.location)!;
    expect((await ada.secondStep(ticket!, await ada.code())).status).toBe(200);
  });

  it('believes no foreign signature', async () => {
    await company.signWithForeignKey();
    expect((await visit().through()).location).toBe(problem('SSO_FAILED'));
  });
});

describe('without single sign-on', () => {
  it('there is no button and no way', async () => {
    const perch = await startPerch('process');
    expect((await request(perch.address).get('/api/auth/ways')).body).toEqual({ singleSignOn: null, passkeys: false });
    expect((await request(perch.address).get('/api/auth/single-sign-on')).status).toBe(404);
    await perch.stop();
  });

  it('an absent provider is said', async () => {
    const perch = await startPerch('process', async () => ({ OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'perch', OIDC_CLIENT_SECRET: 'x' }));
    expect((await new Visit(perch).begin()).authorizationUrl).toBe(problem('SSO_UNAVAILABLE'));
    await perch.stop();
  });
});

import { OAuth2Server } from 'oauth2-mock-server';
import request from 'supertest';
import type { Perch } from '../support/perch.js';

/** What the provider says of whoever signs in. */
export type Person = Readonly<Record<string, unknown>>;

export interface Landing {
  /** Where the browser is sent in the end: an address of Perch. */
  readonly location: string;
  readonly cookies: readonly string[];
}

/** A company's identity provider on loopback, at which one is always signed in already. */
export class Company {
  person: Person = {};
  private readonly server = new OAuth2Server();

  async start(): Promise<this> {
    await this.server.issuer.keys.generate('RS256');
    await this.server.start(0, '127.0.0.1');
    this.server.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => void Object.assign(token.payload, this.person));
    return this;
  }

  get issuer(): string {
    return this.server.issuer.url!;
  }

  environment(extra: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    return { OIDC_ISSUER: this.issuer, OIDC_CLIENT_ID: 'perch', OIDC_CLIENT_SECRET: 'a-secret-of-the-tests', OIDC_LABEL: 'Sign in with Example', ...extra };
  }

  /** Another key that signs from now on, which the provider does not publish. */
  async signWithForeignKey(): Promise<void> {
    const { keys } = this.server.issuer;
    const stranger = new OAuth2Server();
    await stranger.issuer.keys.generate('RS256');
    Object.assign(keys, { get: () => (stranger.issuer.keys as unknown as { get(): unknown }).get() });
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

const cookiesOf = (answer: { headers: Record<string, unknown> }): string[] => ((answer.headers['set-cookie'] ?? []) as string[]).map((cookie) => cookie.split(';')[0]!);

/** The way of a browser through a single sign-on, a step at a time. */
export class Visit {
  cookies: string[] = [];
  authorizationUrl = '';

  constructor(readonly perch: Perch) {}

  /** Presses the button. */
  async begin(next?: string): Promise<this> {
    const answer = await request(this.perch.address).get('/api/auth/single-sign-on').query(next === undefined ? {} : { next });
    this.authorizationUrl = String(answer.headers['location']);
    this.cookies = cookiesOf(answer);
    return this;
  }

  /** Signs in at the provider and returns where it sends the browser. */
  async atProvider(): Promise<URL> {
    const answer = await fetch(this.authorizationUrl, { redirect: 'manual' });
    return new URL(answer.headers.get('location')!);
  }

  /** Comes back to Perch. */
  async back(url: URL): Promise<Landing> {
    const answer = await request(this.perch.address).get(`${url.pathname}${url.search}`).set('cookie', this.cookies.join('; '));
    return { location: String(answer.headers['location']), cookies: cookiesOf(answer) };
  }

  /** The whole way. */
  async through(next?: string): Promise<Landing> {
    await this.begin(next);
    return this.back(await this.atProvider());
  }
}

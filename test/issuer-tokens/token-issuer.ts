import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export interface TokenChanges {
  readonly claims?: JWTPayload;
  /** Claims that are left out. */
  readonly without?: readonly string[];
  readonly key?: SigningKey;
  readonly header?: { readonly kid?: string };
}

export async function newKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** An issuer of tokens, as Supabase Auth is one: it signs, and publishes its keys on loopback. */
export class TokenIssuer {
  /** How often its keys were asked for. */
  asked = 0;
  down = false;
  published: JWK[] = [];
  key!: SigningKey;
  private server: Server | null = null;
  private port = 0;

  async start(): Promise<this> {
    this.key = await newKey('first');
    this.published = [this.key.publicJwk];
    this.server = createServer((_request, response) => {
      this.asked++;
      if (this.down) response.writeHead(503).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: this.published }));
    });
    await new Promise<void>((done) => this.server!.listen(0, '127.0.0.1', done));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/auth/v1`;
  }

  /** What a token says where nothing is changed. */
  claims(): JWTPayload {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: this.url, aud: 'authenticated', sub: '6e4ef2a9-0000-4000-8000-000000000001', email: 'demo@perch.example', email_verified: true, role: 'authenticated', iat: now, exp: now + 600 };
  }

  token({ claims = {}, without = [], key = this.key, header = {} }: TokenChanges = {}): Promise<string> {
    const all = Object.fromEntries(Object.entries({ ...this.claims(), ...claims }).filter(([name]) => !without.includes(name)));
    return new SignJWT(all).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header }).sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((done) => this.server!.close(() => done()));
  }
}

import request from 'supertest';
import { DEMO } from './perch.js';
import { eventually } from './eventually.js';

export interface GraphQLAnswer<Data> {
  readonly data: Data;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
}

export interface Submission {
  readonly posting?: string;
  readonly name?: string;
  readonly email: string;
  readonly resume: Buffer;
  readonly fileName?: string;
  readonly key?: string;
}

export interface AnalysedApplication {
  readonly id: string;
  readonly score: number | null;
  readonly analysis: { id: string; state: string; attempts: number; errorCode: string | null; errorMessage: string | null };
  readonly candidate: { person: { displayName: string }; documents: { parsed: { basics: { name: string } } | null; hiddenText: string[] | null }[] };
  readonly scoreRun: { parts: { label: string; points: number; maximum: number; evidence: { quote: string; line: number } | null }[]; flags: { kind: string; quote: string }[] } | null;
}

const APPLICATION = `query ($id: ID!) { application(id: $id) { id score
  analysis { id state attempts errorCode errorMessage }
  candidate { person { displayName } documents { parsed hiddenText } }
  scoreRun { parts { label points maximum evidence { quote line } } flags { kind quote } } } }`;

/** Drives one Perch over HTTP, as a browser or a program would. */
export class Client {
  private token: string | null = null;

  constructor(readonly address: string) {}

  async signIn(email = DEMO.email, password = DEMO.password): Promise<this> {
    const { body, status } = await request(this.address).post('/api/auth/sign-in').send({ email, password, as: 'token' });
    if (status !== 200) throw new Error(`The sign-in was answered ${status} ${JSON.stringify(body)}.`);
    this.token = (body as { token: string }).token;
    return this;
  }

  useToken(token: string | null): this {
    this.token = token;
    return this;
  }

  async graphql<Data>(query: string, variables: object = {}): Promise<GraphQLAnswer<Data>> {
    const call = request(this.address).post('/api/graphql').send({ query, variables });
    if (this.token !== null) void call.set('authorization', `Bearer ${this.token}`);
    return (await call).body as GraphQLAnswer<Data>;
  }

  get(path: string): request.Test {
    const call = request(this.address).get(path);
    return this.token === null ? call : call.set('authorization', `Bearer ${this.token}`);
  }

  post(path: string, body: object): request.Test {
    const call = request(this.address).post(path).send(body);
    return this.token === null ? call : call.set('authorization', `Bearer ${this.token}`);
  }

  apply({ posting = 'senior-backend-engineer', name = 'Ada Example', email, resume, fileName = 'resume.pdf', key }: Submission): request.Test {
    const call = request(this.address).post('/api/applications').field({ workspace: 'demo', posting, name, email }).attach('resume', resume, fileName);
    return key === undefined ? call : call.set('idempotency-key', key);
  }

  async application(id: string): Promise<AnalysedApplication> {
    const { data, errors } = await this.graphql<{ application: AnalysedApplication }>(APPLICATION, { id });
    if (errors) throw new Error(JSON.stringify(errors));
    return data.application;
  }

  /** Waits until the analysis has ended, well or badly. */
  analysed(id: string, isEnd = (found: AnalysedApplication): boolean => ['done', 'dead'].includes(found.analysis.state)): Promise<AnalysedApplication> {
    return eventually('the analysis ended', async () => {
      const found = await this.application(id);
      return isEnd(found) && found;
    });
  }
}

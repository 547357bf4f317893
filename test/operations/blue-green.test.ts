import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { startPerch, SECRET, CRON_SECRET, DEMO } from '../support/perch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startInstance, type Instance } from './instances.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CALLERS = 6;

/** Sends every request to the side that is on; what is under way stays where it is. */
class Switch {
  readonly served = new Map<string, number>();
  private readonly server: Server = createServer((request, response) => {
    const { hostname, port } = new URL(this.side);
    this.served.set(this.side, (this.served.get(this.side) ?? 0) + 1);
    // A connection each: what a load balancer keeps open to a process that drains is closed by that process.
    const call = forward({ host: hostname, port, method: request.method, path: request.url, headers: { ...request.headers, connection: 'close' } }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    call.on('error', () => void (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    request.pipe(call);
  });

  constructor(public side: string) {}

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Callers that read and write one after the other until they are stopped; every status that they were answered. */
class Load {
  readonly statuses: number[] = [];
  readonly written: string[] = [];
  private running = true;
  private readonly callers: Promise<void[]>;

  constructor(private readonly address: string, private readonly token: string) {
    this.callers = Promise.all(Array.from({ length: CALLERS }, (_, index) => this.call(index)));
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.callers;
  }

  private async ask(query: string, variables: object = {}): Promise<{ data?: { createCompany?: { id: string } } | null }> {
    const answer = await fetch(`${this.address}/api/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` }, body: JSON.stringify({ query, variables }) });
    this.statuses.push(answer.status);
    return (await answer.json()) as { data?: { createCompany?: { id: string } } | null };
  }

  private async call(index: number): Promise<void> {
    for (let round = 0; this.running; round++) {
      await this.ask('{ applications { totalCount nodes { id score } } }');
      const name = `Company ${index}-${round}`;
      const { data } = await this.ask('mutation ($name: String!) { createCompany(input: { name: $name }) { id } }', { name });
      if (data?.createCompany) this.written.push(data.createCompany.id);
    }
  }
}

async function signIn(address: string): Promise<string> {
  const answer = await fetch(`${address}/api/auth/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: DEMO.email, password: DEMO.password, as: 'token' }) });
  return ((await answer.json()) as { token: string }).token;
}

describe('a switch from one version to the next', () => {
  let database: TestDatabase;
  let blue: Instance;
  const greens: Instance[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.applicationUrl, PERCH_SECRET: SECRET, CRON_SECRET, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', LOG_LEVEL: 'silent' };
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'perch.mjs'), 'seed'], { env });
    blue = await startInstance(database);
  });
  afterAll(async () => {
    for (const instance of [blue, ...greens]) await instance.stop('SIGKILL');
    await database.drop();
  });

  it('shows nobody an error under load', async () => {
    const way = new Switch(blue.address);
    const address = await way.open();
    const load = new Load(address, await signIn(address));
    await eventually('blue is loaded', async () => load.statuses.length > 60);
    // The next version may bring an expanded schema; the old one goes on meanwhile.
    await database.query('ALTER TABLE company ADD COLUMN of_the_next_version text');
    const green = await startInstance(database);
    greens.push(green);
    await fetch(`${green.address}/api/health/ready`);
    way.side = green.address;
    expect(await blue.stop()).toBe(0);
    const before = load.statuses.length;
    await eventually('green is loaded', async () => load.statuses.length > before + 60);
    await load.stop();
    way.close();
    expect(load.statuses.filter((status) => status !== 200)).toEqual([]);
    expect([...way.served.keys()]).toEqual([blue.address, green.address]);
    const [{ count }] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM company WHERE id = ANY($1)`, [load.written]) as [{ count: number }];
    expect([load.written.length > 20, count]).toEqual([true, load.written.length]);
  });
});

describe('a process that is told to end', () => {
  it('finishes what it has begun', async () => {
    const perch = await startPerch('process');
    const token = await signIn(perch.address);
    // The body comes in two parts, and the signal between them.
    const body = JSON.stringify({ query: 'mutation { createCompany(input: { name: "Drained" }) { id } }' });
    const { hostname, port } = new URL(perch.address);
    const answered = new Promise<{ status: number; text: string }>((done, fail) => {
      const call = forward({ hostname, port, method: 'POST', path: '/api/graphql', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'content-length': body.length } }, (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => (text += piece.toString())).on('end', () => done({ status: answer.statusCode!, text }));
      });
      call.on('error', fail);
      call.write(body.slice(0, 20), () => void (async () => {
        // Another request is answered, so the first part has arrived.
        await fetch(`${perch.address}/api/health/live`, { headers: { connection: 'close' } });
        const ended = perch.stop();
        await eventually('no more is taken', async () => fetch(`${perch.address}/api/health/live`, { headers: { connection: 'close' } }).then(() => false, () => true));
        call.end(body.slice(20));
        await ended;
      })().catch(fail));
    });
    const { status, text } = await answered;
    expect([status, /"id":"[0-9a-f-]{36}"/.test(text)]).toEqual([200, true]);
  });
});

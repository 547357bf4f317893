import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.js';
import { freePort, startRedis, type Program } from '../../support/programs.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { Probe, type Role } from './probe.js';
import { TABLES, WORKSPACE } from './probe-jobs.js';
import { Relay } from './relay.js';

const QSTASH = fileURLToPath(new URL('../../../src/qstash-server/main.js', import.meta.url));
/** What runs out in minutes is moved instead of waited for. */
const EXPIRE = `UPDATE background_job SET lease_until = lease_until - interval '2 minutes', published_at = published_at - interval '2 minutes',
  created_at = created_at - interval '2 minutes', run_at = run_at - interval '2 minutes' WHERE state IN ('queued', 'running', 'waiting')`;

const LOOKS_BETWEEN_SWEEPS = 100;

export type Beside = 'qstash' | 'redis';

/** A database, the servers that a transport needs, and processes of the suite around them. */
export class TransportBench {
  private readonly probes: Probe[] = [];
  private qstash: ChildProcess | null = null;
  private redis: Program | null = null;
  private announced: Readonly<Record<string, string>> = {};

  private constructor(
    readonly database: TestDatabase,
    private readonly qstashDatabase: TestDatabase,
    private readonly ports: { readonly qstash: number; readonly redis: number; readonly door: number },
    readonly relays: Readonly<Record<Beside, Relay>>,
  ) {}

  static async open(...beside: readonly Beside[]): Promise<TransportBench> {
    const [database, qstashDatabase] = [await createTestDatabase(), await createTestDatabase('template0')];
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'probe', 'Probe')", [WORKSPACE]);
    await database.query(TABLES);
    const ports = { qstash: await freePort(), redis: await freePort(), door: await freePort() };
    const relays = { qstash: await Relay.open(() => ports.qstash), redis: await Relay.open(() => ports.redis) };
    const bench = new TransportBench(database, qstashDatabase, ports, relays);
    for (const server of beside) await bench.mend(server);
    return bench;
  }

  /** Starts the server, or starts it again where it was. Redis comes back empty. */
  async mend(server: Beside): Promise<void> {
    if (server === 'redis') this.redis = await startRedis(this.ports.redis);
    else await this.startQStash();
  }

  /** Ends the server at once, as the kernel would. */
  async break(server: Beside): Promise<void> {
    if (server === 'redis') return this.redis!.stop();
    const gone = new Promise((done) => this.qstash!.once('exit', done));
    this.qstash!.kill('SIGKILL');
    await gone;
  }

  /** A process that publishes by `transport`; producers reach the servers through the relays. */
  async start(role: Role, transport: string, concurrency = 4): Promise<Probe> {
    const [qstash, redis] = role === 'producer' ? [this.relays.qstash.port, this.relays.redis.port] : [this.ports.qstash, this.ports.redis];
    const probe = await Probe.start(role, {
      DATABASE_URL: this.database.applicationUrl, DATABASE_POOL_SIZE: '12', JOB_TRANSPORT: transport, PERCH_PUBLIC_URL: `http://127.0.0.1:${this.ports.door}`,
      PROBE_PORT: String(this.ports.door), PROBE_CONCURRENCY: String(concurrency), REDIS_URL: `redis://127.0.0.1:${redis}`, ...this.announced, QSTASH_URL: `http://127.0.0.1:${qstash}`,
    });
    this.probes.push(probe);
    return probe;
  }

  /** Moves all that waits two minutes into the past. */
  expire(): Promise<object[]> {
    return this.database.query(EXPIRE);
  }

  openGate(name: string): Promise<object[]> {
    return this.database.query('INSERT INTO gate VALUES ($1)', [name]);
  }

  /** The labels of the attempts that were begun, in order. */
  async begun(...labels: readonly string[]): Promise<string[]> {
    return (await this.database.query<{ label: string }>('SELECT label FROM begun WHERE label = ANY ($1) ORDER BY at', [labels])).map(({ label }) => label);
  }

  /** Waits until so many attempts of the labels were begun. */
  waitBegun(count: number, ...labels: readonly string[]): Promise<string[]> {
    return eventually(`${count} of ${labels.length} began`, async () => {
      const begun = await this.begun(...labels);
      return begun.length >= count && begun;
    });
  }

  /** Waits until so many chunks of a chunked job are stored. */
  async waitChunks(label: string, count: number): Promise<void> {
    await eventually(`${count} chunks are stored`, async () => (await this.database.query('SELECT 1 FROM effect WHERE label LIKE $1', [`${label} %`])).length >= count);
  }

  /** Chunks that were stored more than once. */
  doubledChunks(label: string): Promise<object[]> {
    return this.database.query('SELECT label FROM effect WHERE label LIKE $1 GROUP BY label HAVING count(*) > 1', [`${label} %`]);
  }

  async outcomes(id: string): Promise<string[]> {
    return (await this.database.query<{ outcome: string }>('SELECT outcome FROM job_attempt WHERE background_job_id = $1 ORDER BY number', [id])).map(({ outcome }) => outcome);
  }

  /** Waits until all of the jobs are done and returns how many effects there are of each label. */
  async done(ids: readonly string[], limit?: number): Promise<number[]> {
    await eventually('all jobs are done', async () => {
      const [row] = await this.database.query<{ done: number }>("SELECT count(*)::int AS done FROM background_job WHERE id = ANY ($1) AND state = 'done'", [ids]);
      return row!.done === ids.length;
    }, limit);
    const rows = await this.database.query<{ count: number }>(
      "SELECT (SELECT count(*)::int FROM effect e WHERE e.label = j.payload->>'label') AS count FROM background_job j WHERE j.id = ANY ($1)", [ids]);
    return rows.map(({ count }) => count);
  }

  /** The same while `sweeper` sweeps and what has to run out is moved into the past, now and then. */
  async finish(ids: readonly string[], sweeper: Probe): Promise<number[]> {
    let looks = 0;
    await eventually('the swept jobs are done', async () => {
      if (looks++ % LOOKS_BETWEEN_SWEEPS === 0) await this.expire().then(() => sweeper.tell({ sweep: true }));
      return (await this.database.query("SELECT 1 FROM background_job WHERE id = ANY ($1) AND state <> 'done'", [ids])).length === 0;
    }, 60_000);
    return this.done(ids);
  }

  async close(): Promise<void> {
    await Promise.all(this.probes.map((probe) => probe.end('SIGKILL')));
    if (this.qstash?.exitCode === null && this.qstash.signalCode === null) await this.break('qstash');
    await this.redis?.stop();
    for (const relay of Object.values(this.relays)) relay.close();
    await this.database.drop();
    await this.qstashDatabase.drop();
  }

  private async startQStash(): Promise<void> {
    const { PATH } = process.env;
    const child = fork(QSTASH, [], {
      env: { PATH, QSTASH_DATABASE_URL: this.qstashDatabase.ownerUrl, QSTASH_PORT: String(this.ports.qstash), QSTASH_ALLOWED_ORIGINS: `http://127.0.0.1:${this.ports.door}` },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [],
    });
    this.qstash = child;
    const { token, currentSigningKey, nextSigningKey } = await new Promise<Record<string, string>>((done, fail) => {
      child.once('message', (message) => done(message as Record<string, string>));
      child.once('exit', (code) => fail(new Error(`The QStash server ended with ${code}.`)));
    });
    this.announced = { QSTASH_TOKEN: token!, QSTASH_CURRENT_SIGNING_KEY: currentSigningKey!, QSTASH_NEXT_SIGNING_KEY: nextSigningKey! };
  }
}

import { SignJWT } from 'jose';
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { eventually } from '../support/eventually.js';
import { StubQStash, type PublishedCall } from '../support/stub-qstash.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import type { Failpoint } from './failpoints.js';
import { bundleInstance } from './bundle-instance.js';

export const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
const PUBLIC_URL = 'http://perch.test';
const SIGNING_KEY = 'sig_only-for-tests-of-faults';
/** The kinds of work that an order can bring with it. */
export type OrderKind = 'threeChunks' | 'stubbornChunks' | 'threeSteps' | 'fiveSteps';

export interface Answer {
  readonly status: number;
  readonly body: { readonly kind?: string; readonly id?: string; readonly code?: string };
}

interface SignatureOptions {
  readonly key?: string;
  readonly url?: string;
  readonly signedBody?: string;
  readonly issuedAt?: number;
}

/** One process of the application. */
export class Instance {
  private constructor(
    readonly process: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(program: string, database: TestDatabase, qstashUrl: string): Promise<Instance> {
    const { PATH } = globalThis.process.env;
    const child = fork(program, [], {
      execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        PATH, NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: PUBLIC_URL, QSTASH_URL: qstashUrl, QSTASH_TOKEN: 'nobody',
        QSTASH_CURRENT_SIGNING_KEY: SIGNING_KEY, QSTASH_NEXT_SIGNING_KEY: `${SIGNING_KEY}-next`,
      },
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new Instance(child, port);
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async arm(point: Failpoint): Promise<void> {
    this.process.send({ arm: point });
    await once(this.process, 'message');
  }

  /** Resolves when the armed failpoint has been reached. */
  reached(): Promise<unknown> {
    return Promise.race([once(this.process, 'message'), once(this.process, 'exit').then(() => Promise.reject(new Error('The instance ended before the failpoint.')))]);
  }

  wake(): void {
    this.process.kill('SIGCONT');
  }

  async end(): Promise<void> {
    if (!this.isAlive) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
  }

  /** A request to the instance; null where the connection broke, as a sender would see it. */
  async post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer | null> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method: 'POST', body, headers });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
    } catch {
      return null;
    }
  }

  order(key: string, kind: OrderKind = 'threeChunks'): Promise<Answer | null> {
    return this.post('/order', JSON.stringify({ workspaceId: WORKSPACE, key, kind }));
  }

  cancel(id: string): Promise<Answer | null> {
    return this.post('/cancel', JSON.stringify({ workspaceId: WORKSPACE, id }));
  }

  /** Resolves when the process stands still after it has reached its failpoint. */
  async stopped(): Promise<void> {
    const state = async (): Promise<boolean> => (await readFile(`/proc/${this.process.pid}/stat`, 'utf8')).split(') ')[1]!.startsWith('T');
    await eventually('the instance stands still', state);
  }

  async sweep(): Promise<Record<string, number>> {
    return (await this.post('/sweep', ''))!.body as Record<string, number>;
  }

  /** A delivery as QStash makes it, signed over these bytes and this address. */
  async deliver(call: PublishedCall, messageId = 'msg', options: SignatureOptions = {}): Promise<Answer | null> {
    const body = JSON.stringify(call.body);
    const issued = options.issuedAt ?? Math.floor(Date.now() / 1_000);
    const signature = await new SignJWT({ body: createHash('sha256').update(options.signedBody ?? body).digest('base64url') })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer('Upstash').setSubject(options.url ?? `${PUBLIC_URL}/api/job-runner`)
      .setIssuedAt(issued).setNotBefore(options.issuedAt ?? 0).setExpirationTime(issued + 300).sign(new TextEncoder().encode(options.key ?? SIGNING_KEY));
    return this.post('/api/job-runner', body, { 'upstash-signature': signature, 'upstash-message-id': messageId });
  }
}

export interface FinishedJob {
  readonly state: string;
  readonly attempts: number;
  readonly fence: number;
  readonly wake: number;
}

/** A database, a stand-in for QStash that only writes down, and as many instances as a scenario wants. */
export class FaultBench {
  private readonly instances: Instance[] = [];
  private spare: Promise<Instance>;
  private survivor: Promise<Instance> | null = null;

  private constructor(
    readonly database: TestDatabase,
    readonly qstash: StubQStash,
    private readonly program: string,
    private readonly folder: string,
  ) {
    this.spare = this.prepare();
  }

  static async open(): Promise<FaultBench> {
    const database = await createTestDatabase();
    await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, 'faults', 'Faults')", [WORKSPACE]);
    await database.query(`CREATE TABLE placed_order (key text PRIMARY KEY); CREATE TABLE ledger (key text, step int, at timestamptz DEFAULT clock_timestamp());
      GRANT SELECT, INSERT ON placed_order, ledger TO perch_app`);
    const { program, folder } = await bundleInstance();
    return new FaultBench(database, await StubQStash.open(), program, folder);
  }

  /** A fresh instance; the next one is started while a scenario runs. */
  async instance(): Promise<Instance> {
    const ready = await this.spare;
    this.spare = this.prepare();
    return ready;
  }

  /** The one instance to which nothing happens. */
  healthy(): Promise<Instance> {
    this.survivor ??= this.instance();
    return this.survivor;
  }

  private prepare(): Promise<Instance> {
    const started = Instance.start(this.program, this.database, this.qstash.url).then((instance) => {
      this.instances.push(instance);
      return instance;
    });
    started.catch(() => undefined);
    return started;
  }

  async close(): Promise<void> {
    await this.spare;
    await Promise.all(this.instances.map((instance) => instance.end()));
    await this.qstash.close();
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async jobId(key: string): Promise<string> {
    return (await this.database.query<{ id: string }>("SELECT id FROM background_job WHERE payload->>'key' = $1", [key]))[0]!.id;
  }

  async job(key: string): Promise<FinishedJob> {
    return (await this.database.query<FinishedJob>("SELECT state, attempts, fence, wake FROM background_job WHERE payload->>'key' = $1", [key]))[0]!;
  }

  /** Time passes for everything that waits: leases run out, due times and times of sending move into the past. */
  async passTime(): Promise<void> {
    await this.database.query(`UPDATE background_job SET lease_until = lease_until - interval '5 minutes', published_at = published_at - interval '5 minutes',
      created_at = created_at - interval '5 minutes', run_at = run_at - interval '5 minutes', rate_slot = rate_slot - interval '5 minutes' WHERE state IN ('queued', 'running', 'waiting')`);
    await this.database.query("UPDATE workflow_step SET due_at = due_at - interval '5 minutes' WHERE state IN ('waiting', 'retrying')");
  }

  /** What QStash, the sweep and time do in the end: everything published is delivered until the job of the key has ended. */
  async settle(healthy: Instance, key: string, rounds = 12): Promise<FinishedJob> {
    for (let round = 0; round < rounds; round++) {
      const found = await this.job(key);
      if (found && !['queued', 'running', 'waiting'].includes(found.state)) return found;
      await this.passTime();
      await healthy.sweep();
      const call = this.qstash.callsFor(await this.jobId(key)).at(-1);
      if (call) await healthy.deliver(call, `settle-${round}`);
    }
    return this.job(key);
  }

  /** The steps in the ledger of the key, in order; each must be there once. */
  async ledger(key: string): Promise<number[]> {
    return (await this.database.query<{ step: number }>('SELECT step FROM ledger WHERE key = $1 ORDER BY step', [key])).map(({ step }) => step);
  }

  /** Orders without a job and jobs without an order: there must be none. */
  async orphans(): Promise<object[]> {
    return this.database.query(`SELECT o.key, j.id FROM placed_order o FULL JOIN (SELECT id, payload->>'key' AS key FROM background_job WHERE type IN ('threeChunks', 'threeSteps', 'fiveSteps')) j USING (key)
      WHERE o.key IS NULL OR j.id IS NULL`);
  }

  /** Transactions that wait for a lock although nothing runs. */
  async waitingForLocks(): Promise<object[]> {
    return this.database.query("SELECT pid, query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
  }
}

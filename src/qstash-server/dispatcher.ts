import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { defaultDelay, requestedDelay } from './delays.js';
import { inTransaction, type MessageRow } from './message-store.js';
import { publishDueSchedules } from './schedules.js';
import { readKeys, sign } from './signature.js';

const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
const POLL_MS = 1_000;
const PARALLEL = 32;
const DEFAULT_TIMEOUT_SECONDS = 900;
const RESPONSE_LIMIT = 1_000_000;
const NON_RETRYABLE = 489;

interface Claim {
  readonly message: MessageRow;
  readonly lease: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string[]>;
  readonly body: Buffer;
  readonly header: (name: string) => string | null;
}

/** Due messages nobody holds. In a queue, only as many as its parallelism, counted from the oldest that has not ended. */
const CLAIM = `
UPDATE qstash.message SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), lease_token = $1
WHERE id IN (
  SELECT m.id FROM qstash.message m LEFT JOIN qstash.queue q ON q.name = m.queue_name
  WHERE m.state = 'waiting' AND m.attempt_at <= now() AND (m.lease_until IS NULL OR m.lease_until < now())
    AND (q.name IS NULL OR (NOT q.paused AND (
      SELECT count(*) FROM qstash.message e WHERE e.queue_name = m.queue_name AND e.state = 'waiting' AND e.sequence < m.sequence) < q.parallelism))
  ORDER BY m.attempt_at LIMIT $2 FOR UPDATE OF m SKIP LOCKED)
RETURNING *`;

async function readLimited(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!response.body) return Buffer.alloc(0);
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > RESPONSE_LIMIT) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Delivers due messages. Several dispatchers, in several processes, share one database. */
export class Dispatcher {
  private active = 0;
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;
  private looking: Promise<void> | null = null;
  private lookAgain = false;

  constructor(private readonly pool: pg.Pool) {}

  /** Looks for due messages now; called at start, on NOTIFY, after each delivery, and at least once a second. */
  wake(): void {
    this.lookAgain = true;
    if (this.looking || this.stopping) return;
    this.looking = this.look().finally(() => {
      this.looking = null;
      if (this.stopping) return;
      if (this.timer) clearTimeout(this.timer);
      this.timer = setTimeout(() => this.wake(), POLL_MS);
    });
  }

  /** Takes no more messages; those under way are delivered again by the next process if this one ends first. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    while (this.lookAgain && !this.stopping) {
      this.lookAgain = false;
      try {
        await publishDueSchedules(this.pool);
        const room = PARALLEL - this.active;
        if (room <= 0) return;
        const lease = randomUUID();
        const { rows } = await this.pool.query<MessageRow>(CLAIM, [lease, room]);
        for (const message of rows) void this.handle({ message, lease });
      } catch (error) {
        process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
      }
    }
  }

  private async handle(claim: Claim): Promise<void> {
    this.active++;
    const renewal = setInterval(() => void this.renew(claim), RENEW_MS);
    try {
      await this.finish(claim, await this.deliver(claim.message));
    } catch (error) {
      process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
    } finally {
      clearInterval(renewal);
      this.active--;
      this.wake();
    }
  }

  private async renew({ message, lease }: Claim): Promise<void> {
    await this.pool.query(`UPDATE qstash.message SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) WHERE id = $1 AND lease_token = $2`, [message.id, lease]).catch(() => undefined);
  }

  /** One attempt over HTTP. A destination that cannot be reached answers with status 0. */
  private async deliver(message: MessageRow): Promise<Answer> {
    const { current } = await readKeys(this.pool);
    const headers = new Headers();
    for (const [name, values] of Object.entries(message.headers)) for (const value of values) headers.append(name, value);
    headers.set('user-agent', 'Upstash-QStash');
    headers.set('upstash-message-id', message.id);
    headers.set('upstash-retried', String(message.retried));
    headers.set('upstash-caller-ip', '127.0.0.1');
    if (message.schedule_id !== null) headers.set('upstash-schedule-id', message.schedule_id);
    if (message.label !== null) headers.set('upstash-label', message.label);
    headers.set('upstash-signature', await sign(current, message.url, message.body, `jwt_${randomUUID()}`));
    try {
      const response = await fetch(message.url, {
        method: message.method, headers, redirect: 'manual', signal: AbortSignal.timeout((message.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000),
        ...(message.method === 'GET' ? {} : { body: new Uint8Array(message.body) }),
      });
      const body = await readLimited(response);
      return { status: response.status, body, headers: Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]])), header: (name) => response.headers.get(name) };
    } catch (error) {
      const cause = (error as Error & { cause?: Error }).cause ?? (error as Error);
      return { status: 0, headers: {}, body: Buffer.from(cause.message), header: () => null };
    }
  }

  /** Writes what came of an attempt; a claim that was lost or cancelled meanwhile changes nothing. */
  private async finish({ message, lease }: Claim, answer: Answer): Promise<void> {
    const where = `WHERE id = $1 AND lease_token = $2 AND state = 'waiting'`;
    const key = [message.id, lease];
    await inTransaction(this.pool, async (client) => {
      if (answer.status >= 200 && answer.status < 300) {
        await client.query(`UPDATE qstash.message SET state = 'delivered', finished_at = now(), lease_until = NULL, lease_token = NULL ${where}`, key);
        return;
      }
      const final = answer.status === NON_RETRYABLE && answer.header('upstash-nonretryable-error') === 'true';
      if (final || message.retried >= message.max_retries) {
        await client.query(
          `UPDATE qstash.message SET state = 'dead', finished_at = now(), lease_until = NULL, lease_token = NULL, dlq_id = $3,
             response_status = $4, response_headers = $5, response_body = $6 ${where}`,
          [...key, `dlq_${randomUUID()}`, answer.status, JSON.stringify(answer.headers), answer.body]);
        return;
      }
      const wait = requestedDelay(answer.header, Date.now()) ?? defaultDelay(message.retried + 1);
      await client.query(
        `UPDATE qstash.message SET retried = retried + 1, attempt_at = now() + make_interval(secs => $3), lease_until = NULL, lease_token = NULL ${where}`,
        [...key, wait / 1_000]);
    });
  }
}

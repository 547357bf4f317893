import { Inject, Injectable } from '@nestjs/common';
import type { Client, Receiver } from '@upstash/qstash';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import type { JobPriority } from '../definition/define-job.js';
import { Transport, type Delivery, type WakeUp } from './transport.js';

export const JOB_RUNNER_PATH = '/api/job-runner';
/** Seconds that clocks of the sender and of this machine may differ. */
const CLOCK_TOLERANCE = 60;
const DELIVERY_RETRIES = 3;

/** QStash knows whole seconds: what is due already is sent without a time, lest it wait for the next one. */
const notBefore = (runAt: Date): { notBefore?: number } => (runAt.getTime() <= Date.now() ? {} : { notBefore: Math.ceil(runAt.getTime() / 1_000) });

/** Sends wake-up calls through QStash, the vendor's or src/qstash-server: nothing here knows which. */
@Injectable()
export class QStashTransport extends Transport {
  private client: Promise<Client> | null = null;
  private receiver: Promise<Receiver> | null = null;

  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {
    super();
  }

  async publish(calls: readonly WakeUp[]): Promise<string[]> {
    if (calls.length === 0) return [];
    const client = await this.openClient();
    const url = this.address(JOB_RUNNER_PATH);
    const answers = await client.batchJSON(calls.map(({ id, body, runAt, priority }) => ({
      url, body, deduplicationId: id, ...notBefore(runAt), retries: DELIVERY_RETRIES, ...this.laneOf(priority),
    })));
    return answers.map((answer) => (answer as { messageId: string }).messageId);
  }

  async verify({ body, signature, path }: Delivery): Promise<boolean> {
    if (signature === undefined) return false;
    const receiver = await this.openReceiver();
    try {
      return await receiver.verify({ signature, body: body.toString('utf8'), url: this.address(path), clockTolerance: CLOCK_TOLERANCE });
    } catch {
      return false;
    }
  }

  async schedule(id: string, cron: string, path: string): Promise<void> {
    const client = await this.openClient();
    await client.schedules.create({ scheduleId: id, destination: this.address(path), cron, retries: DELIVERY_RETRIES });
  }

  /** Each priority is a flow-control key of its own, so that a backlog of less urgent work does not hold up urgent work. */
  private laneOf(priority: JobPriority): { flowControl?: { key: string; parallelism: number } } {
    const lanes = this.environment.qstashParallelism;
    return lanes === null ? {} : { flowControl: { key: `perch-${priority}`, parallelism: lanes[priority] } };
  }

  override async unscheduleOthers(prefix: string, kept: readonly string[]): Promise<readonly string[]> {
    const client = await this.openClient();
    const old = (await client.schedules.list()).map(({ scheduleId }) => scheduleId).filter((id) => id.startsWith(prefix) && !kept.includes(id));
    for (const id of old) await client.schedules.delete(id);
    return old;
  }

  private address(path: string): string {
    if (this.environment.publicUrl === null) throw new Error('PERCH_PUBLIC_URL is missing; QStash must know where to call.');
    return `${this.environment.publicUrl}${path}`;
  }

  private openClient(): Promise<Client> {
    const { qstashUrl, qstashToken } = this.environment;
    if (qstashToken === null) throw new Error('QSTASH_TOKEN is missing; background jobs wait until it is set.');
    this.client ??= import('@upstash/qstash').then(({ Client: QStash }) => new QStash({
      token: qstashToken, enableTelemetry: false, retry: { retries: 1 }, ...(qstashUrl === null ? {} : { baseUrl: qstashUrl }),
    }));
    return this.client;
  }

  private openReceiver(): Promise<Receiver> {
    const { qstashCurrentSigningKey: current, qstashNextSigningKey: next } = this.environment;
    if (current === null || next === null) throw new Error('QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY are missing.');
    this.receiver ??= import('@upstash/qstash').then(({ Receiver: Verifier }) => new Verifier({ currentSigningKey: current, nextSigningKey: next }));
    return this.receiver;
  }
}

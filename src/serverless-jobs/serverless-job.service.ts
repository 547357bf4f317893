import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { RequestContext } from '../common/request-context.js';
import { Database } from '../infrastructure/database/database.js';
import type { JobDefinition } from './definition/define-job.js';
import { JobRegistry } from './definition/job-registry.js';
import { JobPublisher } from './outbox/job-publisher.js';
import type { JobMessage } from './transports/transport.js';

const PAYLOAD_LIMIT_BYTES = 32_768;

export interface EnqueueOptions {
  /** The record that the work is about, so that its page can show the progress. */
  readonly subject?: { readonly type: string; readonly id: string };
  /** Work of this kind with the same key exists at most once in a workspace, for ever. */
  readonly dedupeKey?: string;
  /** Milliseconds to wait before the first attempt. */
  readonly delay?: number;
}

interface EnqueuedJob {
  readonly id: string;
  readonly runAt: Date;
}

const INSERT = `
INSERT INTO background_job (id, workspace_id, type, payload, subject_type, subject_id, dedupe_key, run_at, max_attempts, actor_type, actor_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8), $9, $10, $11)
ON CONFLICT (workspace_id, type, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING
RETURNING id, run_at AS "runAt"`;

/** Puts background work into the queue. The row is written in the caller's transaction and sent after its commit. */
@Injectable()
export class ServerlessJobService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
  ) {}

  /**
   * Enqueues one job and returns its id; the id of the existing job where the dedupe key is taken.
   * Throws INVALID_JOB_PAYLOAD when the payload does not fit the definition: nothing wrong gets into the queue.
   */
  async enqueue<Payload extends z.ZodType>(context: RequestContext, definition: JobDefinition<Payload>, payload: z.input<Payload>, options: EnqueueOptions = {}): Promise<string> {
    if (!this.registry.find(definition.name)) throw new Error(`The background job "${definition.name}" has no handler in this application.`);
    const parsed = definition.payload.safeParse(payload);
    if (!parsed.success) {
      throw new DomainError('INVALID_JOB_PAYLOAD', `The payload of "${definition.name}" is wrong: ${parsed.error.issues[0]?.message ?? 'unknown'}.`, 400);
    }
    const text = JSON.stringify(parsed.data);
    if (Buffer.byteLength(text) > PAYLOAD_LIMIT_BYTES) throw invalidInput('A job carries ids, not records: its payload is too large.');
    return this.database.write(context, async (manager) => {
      const inserted = await manager.query<EnqueuedJob[]>(INSERT, [
        newId(), context.workspace, definition.name, text, options.subject?.type ?? null, options.subject?.id ?? null,
        options.dedupeKey ?? null, (options.delay ?? 0) / 1_000, definition.retries + 1, context.actor.type, context.actor.id,
      ]);
      const job = inserted[0];
      if (!job) return this.existing(context, definition.name, options.dedupeKey!);
      this.publishAfterCommit(context, job, 0);
      return job.id;
    });
  }

  /** Runs a failed job again from the beginning, with fresh attempts. Throws NOT_FOUND, or JOB_NOT_RETRYABLE when it has not failed. */
  async retry(context: RequestContext, id: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      const [job] = await manager.query<{ type: string; state: string }[]>(
        'SELECT type, state FROM background_job WHERE workspace_id = $1 AND id = $2 FOR UPDATE', [context.workspace, id]);
      if (!job) throw notFound('The background job');
      const known = this.registry.find(job.type);
      if (!known) throw new DomainError('JOB_NOT_RETRYABLE', `This version of Perch no longer knows the job "${job.type}".`, 409);
      if (job.state !== 'dead' && job.state !== 'cancelled') {
        throw new DomainError('JOB_NOT_RETRYABLE', 'Only a failed job can be retried; this one is queued, running or done.', 409);
      }
      const [rows] = await manager.query<[(EnqueuedJob & { wake: number })[], number]>(
        `UPDATE background_job SET state = 'queued', run_at = now(), max_attempts = attempts + $3, wake = wake + 1, published_at = NULL,
                error_code = NULL, error_message = NULL, finished_at = NULL, progress_percent = 0, progress_message = NULL, lease_until = NULL
         WHERE workspace_id = $1 AND id = $2 RETURNING id, run_at AS "runAt", wake`,
        [context.workspace, id, known.definition.retries + 1],
      );
      this.publishAfterCommit(context, rows[0]!, rows[0]!.wake);
    });
  }

  private publishAfterCommit(context: RequestContext, job: EnqueuedJob, wake: number): void {
    const message = { workspaceId: context.workspace, jobId: job.id, wake, runAt: job.runAt };
    this.database.collectUntilCommit<JobMessage>(this, message, async (messages) => void (await this.publisher.publish(messages)));
  }

  private async existing(context: RequestContext, type: string, dedupeKey: string): Promise<string> {
    const rows = await this.database.write(context, (manager) => manager.query<{ id: string }[]>(
      'SELECT id FROM background_job WHERE workspace_id = $1 AND type = $2 AND dedupe_key = $3', [context.workspace, type, dedupeKey]));
    return rows[0]!.id;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';

export interface QueueCounts {
  /** Due for more than 15 minutes, or without a heartbeat for as long: nothing delivers or sweeps. */
  readonly overdue: number;
  /** Sent again more than ten times without having begun. */
  readonly stuck: number;
  readonly dead: number;
}

const everywhere = { allWorkspaces: true } as const;

const COUNTS = `
SELECT count(*) FILTER (WHERE state IN ('queued', 'waiting') AND NOT parked AND run_at < now() - interval '15 minutes' OR state = 'running' AND lease_until < now() - interval '15 minutes')::int AS overdue,
  count(*) FILTER (WHERE sweeps > 10 AND state <> 'dead')::int AS stuck, count(*) FILTER (WHERE state = 'dead')::int AS dead
FROM background_job WHERE state IN ('queued', 'waiting', 'running', 'dead')`;

const WRITE = `INSERT INTO background_job (id, workspace_id, type, payload, max_attempts, actor_type) SELECT gen_random_uuid(), id, 'healthProbe', '{}', 1, 'system' FROM workspace LIMIT 1`;
const READ = 'SELECT EXISTS (SELECT 1 FROM job_attempt), EXISTS (SELECT 1 FROM job_log), EXISTS (SELECT 1 FROM workflow_step), EXISTS (SELECT 1 FROM job_schedule)';

const TAKEN_BACK = Symbol('taken back');

/** Looks whether the tables of the background jobs work, and at what is in them. */
@Injectable()
export class QueueProbe {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Reads the tables and writes a job that is taken back at once; only reads where nothing can be written. Throws where it is not possible. */
  async probe(): Promise<void> {
    if ((await this.database.readOnlyReason()) !== null) return void (await this.database.read(systemContext(null), (manager) => manager.query(READ), everywhere));
    try {
      await this.database.write(systemContext(null), async (manager) => {
        await manager.query(READ);
        await manager.query(WRITE);
        throw TAKEN_BACK;
      }, everywhere);
    } catch (error) {
      if (error !== TAKEN_BACK) throw error;
    }
  }

  async counts(): Promise<QueueCounts> {
    const [counts] = await this.database.read(systemContext(null), (manager) => manager.query<QueueCounts[]>(COUNTS), everywhere);
    return counts!;
  }
}

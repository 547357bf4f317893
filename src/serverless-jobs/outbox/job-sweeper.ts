import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobPublisher } from './job-publisher.js';

const SWEEP_LIMIT = 500;

/** Work that should have begun: never sent, sent long ago without effect, or begun by a process that is gone. */
const FIND_OVERDUE = `
UPDATE background_job SET wake = wake + 1, published_at = now()
WHERE id IN (
  SELECT id FROM background_job
  WHERE (state = 'queued' AND published_at IS NULL AND greatest(run_at, created_at) < now() - interval '5 seconds')
     OR (state = 'queued' AND greatest(run_at, published_at) < now() - interval '60 seconds')
     OR (state = 'running' AND lease_until < now() AND (published_at IS NULL OR published_at < now() - interval '15 seconds'))
  ORDER BY run_at LIMIT ${SWEEP_LIMIT} FOR UPDATE SKIP LOCKED)
RETURNING id AS "jobId", workspace_id AS "workspaceId", wake, greatest(run_at, now()) AS "runAt"`;

interface OverdueJob {
  readonly jobId: string;
  readonly workspaceId: string;
  readonly wake: number;
  readonly runAt: Date;
}

/** Sends again what the transport lost. It claims what it sends, so that two sweeps send each job once. */
@Injectable()
export class JobSweeper {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
  ) {}

  /** The number of jobs found overdue and sent again. */
  async sweep(): Promise<number> {
    const [overdue] = await this.database.write(systemContext(null), (manager) =>
      manager.query<[OverdueJob[], number]>(FIND_OVERDUE), { allWorkspaces: true });
    await this.publisher.publish(overdue);
    return overdue.length;
  }
}

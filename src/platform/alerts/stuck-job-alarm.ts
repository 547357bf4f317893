import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { AlertService } from './alerts.service.js';

interface Stuck {
  readonly workspaceId: string;
  readonly type: string;
  readonly jobId: string;
  readonly count: number;
}

/** Sent again more than ten times without having begun since. */
const FIND_STUCK = `
SELECT workspace_id AS "workspaceId", type, min(id::text) AS "jobId", count(*)::int AS count FROM background_job
WHERE sweeps > 10 AND state IN ('queued', 'running', 'waiting') GROUP BY workspace_id, type ORDER BY workspace_id, type LIMIT 1000`;

/** Reports jobs that the sweep cannot help. */
@Injectable()
export class StuckJobAlarm {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AlertService) private readonly alerts: AlertService,
  ) {}

  /** Raises an alert for each workspace and type with stuck jobs. */
  async raise(): Promise<void> {
    const stuck = await this.database.read(systemContext(null), (manager) => manager.query<Stuck[]>(FIND_STUCK), { allWorkspaces: true });
    for (const { workspaceId, type, jobId, count } of stuck) {
      const context = systemContext(workspaceId);
      await this.database.write(context, () => this.alerts.raise(context, { kind: 'stuck_jobs', type, jobId, code: 'JOB_STUCK', message: `${count} waiting jobs were sent again more than ten times and have not begun.` }));
    }
  }
}

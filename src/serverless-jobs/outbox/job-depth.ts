import { systemContext } from '../../common/request-context.js';
import type { Database } from '../../infrastructure/database/database.js';
import type { NumberSink } from '../../infrastructure/telemetry/metrics.js';

const STATES = ['queued', 'waiting', 'running'] as const;
const DEPTH = `
SELECT state, count(*)::int AS count FROM background_job WHERE state IN ('queued', 'waiting', 'running') GROUP BY state`;

/** Notes how much is queued, waits and runs in all workspaces. */
export async function measureDepth(database: Database, sink: Pick<NumberSink, 'gauge'>): Promise<void> {
  const depth = await database.read(systemContext(null), (manager) => manager.query<{ state: string; count: number }[]>(DEPTH), { allWorkspaces: true });
  for (const state of STATES) sink.gauge('perch.jobs.depth', depth.find((row) => row.state === state)?.count ?? 0, { state });
}

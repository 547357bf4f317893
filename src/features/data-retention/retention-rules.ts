import type { EntityManager } from 'typeorm';

/** Rows that one statement deletes, so that no lock is held long. */
export const CHUNK = 1_000;

export interface RetentionRule {
  readonly name: string;
  readonly table: string;
  /** Which rows have had their time; `$1` is the workspace. */
  readonly condition: string;
}

const olderThan = (name: string, table: string, column: string, days: number, also = 'true'): RetentionRule =>
  ({ name, table, condition: `workspace_id = $1 AND ${also} AND ${column} < now() - interval '${days} days'` });

const LIVE_RUN = `EXISTS (SELECT 1 FROM background_job b WHERE b.workspace_id = $1 AND b.kind = 'workflow' AND b.state IN ('queued', 'running', 'waiting', 'paused') AND b.created_at <= workflow_event.at)`;

/** What is deleted, and when. A failed job stays for half a year, so that somebody can look at it. */
export const RULES: readonly RetentionRule[] = [
  { name: 'sessions', table: 'session', condition: 'workspace_id = $1 AND expires_at < now()' },
  { name: 'rateLimits', table: 'rate_limit', condition: '$1::uuid IS NOT NULL AND expire < extract(epoch FROM now()) * 1000' },
  olderThan('jobRates', 'job_rate', 'next_at', 1),
  olderThan('idempotencyKeys', 'idempotency_key', 'created_at', 7),
  olderThan('backgroundJobs', 'background_job', 'finished_at', 30, `state IN ('done', 'cancelled', 'discarded')`),
  olderThan('failedJobs', 'background_job', 'finished_at', 180, `state = 'dead'`),
  olderThan('workflowEvents', 'workflow_event', 'at', 90, `NOT ${LIVE_RUN}`),
  olderThan('domainEvents', 'domain_event', 'at', 90),
  olderThan('notifications', 'notification', 'created_at', 90),
  olderThan('mailMessages', 'mail_message', 'created_at', 90, `state <> 'queued'`),
  olderThan('approvalLinks', 'approval_link', 'expires_at', 30),
  olderThan('passwordResets', 'password_reset', 'expires_at', 1),
  olderThan('invitations', 'invitation', 'expires_at', 180),
];

/** Deletes the next rows of the rule and returns how many they were; fewer than a chunk means that it is done. */
export async function deleteChunk(manager: EntityManager, { table, condition }: RetentionRule, workspaceId: string): Promise<number> {
  const [, count] = await manager.query<[unknown[], number]>(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${CHUNK})) AND ${condition}`, [workspaceId]);
  return count;
}

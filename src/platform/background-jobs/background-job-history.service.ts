import { Inject, Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { decodeCursor, encodeCursor, pageSize, type Page } from '../../common/pagination.js';
import { invalidInput } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { redact } from '../../common/redact.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import type { PageArguments } from '../../infrastructure/database/list-page.js';
import type { JobAttemptOutcome } from '../../serverless-jobs/entities/job-attempt.entity.js';
import type { JobLogLevel } from '../../serverless-jobs/entities/job-log.entity.js';

/** Attempts and steps of one job that are shown: the last ones. */
const SHOWN = 200;

export interface AttemptShown {
  readonly id: string;
  readonly number: number;
  readonly outcome: JobAttemptOutcome;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export interface StepShown {
  readonly name: string;
  readonly position: number;
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly eventName: string | null;
  readonly childId: string | null;
  readonly dueAt: Date | null;
  readonly result: JsonObject | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export interface LogLineShown {
  /** Number of the attempt that wrote it. */
  readonly attempt: number;
  readonly sequence: number;
  readonly at: Date;
  readonly level: JobLogLevel;
  readonly message: string;
  readonly data: JsonObject | null;
}

type Grouped<Row> = Row & { readonly jobId: string };

const ATTEMPTS = `
SELECT j.id AS "jobId", a.* FROM unnest($2::uuid[]) AS j (id) CROSS JOIN LATERAL (
  SELECT id, number, outcome, error_code AS "errorCode", error_message AS "errorMessage", started_at AS "startedAt", finished_at AS "finishedAt"
  FROM job_attempt WHERE workspace_id = $1 AND background_job_id = j.id ORDER BY number DESC LIMIT ${SHOWN}) a
ORDER BY a.number`;

const STEPS = `
SELECT j.id AS "jobId", s.* FROM unnest($2::uuid[]) AS j (id) CROSS JOIN LATERAL (
  SELECT name, position, kind, state, attempts, event_name AS "eventName", child_id AS "childId", due_at AS "dueAt", result, error_code AS "errorCode",
    error_message AS "errorMessage", started_at AS "startedAt", finished_at AS "finishedAt"
  FROM workflow_step WHERE workspace_id = $1 AND background_job_id = j.id ORDER BY position DESC LIMIT ${SHOWN}) s
ORDER BY s.position`;

const LOGS = `
SELECT fence AS attempt, sequence, at, level, message, data FROM job_log
WHERE workspace_id = $1 AND background_job_id = $2 AND ($3::int IS NULL OR (fence, sequence) < ($3, $4))
ORDER BY fence DESC, sequence DESC LIMIT $5`;

const LOG_CURSOR = 'log';

/** What has happened to a job: its attempts, its steps, its lines. Many jobs of one request are read in one statement. */
@Injectable()
export class BackgroundJobHistory {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The last 200 attempts that have ended, the oldest of them first. */
  attempts(context: RequestContext, jobId: string): Promise<AttemptShown[]> {
    return this.batched<AttemptShown>(context, ATTEMPTS).load(jobId);
  }

  /** The last 200 steps in the order in which they were begun; secrets in their results are hidden. */
  async steps(context: RequestContext, jobId: string): Promise<StepShown[]> {
    const steps = await this.batched<StepShown>(context, STEPS).load(jobId);
    return steps.map((step) => ({ ...step, result: redact(step.result) as JsonObject | null }));
  }

  /** The lines that attempts wrote, the newest first. Throws INVALID_INPUT. */
  async logs(context: RequestContext, jobId: string, { first, after }: PageArguments): Promise<Page<LogLineShown>> {
    const size = pageSize(first);
    const [attempt, sequence] = after ? logPosition(after) : [null, null];
    const rows = await this.database.read(context, (manager) => manager.query<LogLineShown[]>(LOGS, [context.workspace, jobId, attempt, sequence, size + 1]));
    const nodes = rows.slice(0, size);
    const last = nodes.at(-1);
    return { nodes, hasNextPage: rows.length > size, endCursor: last ? encodeCursor({ sort: LOG_CURSOR, value: String(last.attempt), id: String(last.sequence) }) : null };
  }

  async logCount(context: RequestContext, jobId: string): Promise<number> {
    const [row] = await this.database.read(context, (manager) =>
      manager.query<{ count: number }[]>('SELECT count(*)::int AS count FROM job_log WHERE workspace_id = $1 AND background_job_id = $2', [context.workspace, jobId]));
    return row!.count;
  }

  private batched<Row>(context: RequestContext, statement: string): DataLoader<string, Row[]> {
    return context.once(statement, () => new DataLoader<string, Row[]>(async (ids) => {
      const rows = await this.database.read(context, (manager) => manager.query<Grouped<Row>[]>(statement, [context.workspace, [...new Set(ids)]]));
      const groups = new Map<string, Row[]>();
      for (const row of rows) {
        const group = groups.get(row.jobId);
        if (group) group.push(row);
        else groups.set(row.jobId, [row]);
      }
      return ids.map((id) => groups.get(id) ?? []);
    }, { cache: false }));
  }
}

function logPosition(cursor: string): [number, number] {
  const { value, id } = decodeCursor(cursor, LOG_CURSOR);
  const position = [Number(value), Number(id)] as [number, number];
  if (!position.every((part) => Number.isInteger(part) && part >= 0 && part < 2 ** 31)) throw invalidInput('The cursor does not belong to this list. Start again without one.', 'after');
  return position;
}

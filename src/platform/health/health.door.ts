import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { RedisConnection } from '../../infrastructure/redis/redis.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly note?: string;
}

interface QueueState {
  readonly overdue: number;
  readonly dead: number;
}

/** Work that has been due for so many minutes means that nothing delivers or sweeps. */
const OVERDUE_MINUTES = 15;

async function measure(name: string, work: () => Promise<string | undefined>): Promise<Check> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  try {
    const note = await work();
    return { name, ok: true, milliseconds: elapsed(), ...(note === undefined ? {} : { note }) };
  } catch {
    return { name, ok: false, milliseconds: elapsed() };
  }
}

/** GET /api/health/live: the process answers. GET /api/health/ready: what it needs answers too; 503 when it does not. */
@Injectable()
@HttpDoor('health')
export class HealthDoor implements Door {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RedisConnection) private readonly redis: RedisConnection,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (subPath(request, 'health') === 'live') return jsonResponse(200, { status: 'live' });
    const checks = [
      await measure('database', async () => void (await this.database.dataSource.query('SELECT 1'))),
      await measure('queue', () => this.queue()),
      await measure('redis', () => this.redisNote()),
    ];
    // Without the database nothing works. A late queue or a lost Redis makes Perch slower, and taking it down would not help.
    const ready = checks[0]!.ok;
    const status = checks.every((check) => check.ok) ? 'ready' : ready ? 'degraded' : 'not ready';
    return jsonResponse(ready ? 200 : 503, { status, checks });
  }

  private async queue(): Promise<string | undefined> {
    const [state] = await this.database.read(systemContext(null), (manager) => manager.query<QueueState[]>(
      `SELECT count(*) FILTER (WHERE state = 'queued' AND run_at < now() - interval '${OVERDUE_MINUTES} minutes')::int AS overdue,
              count(*) FILTER (WHERE state = 'dead')::int AS dead FROM background_job WHERE state IN ('queued', 'dead')`), { allWorkspaces: true });
    if (state!.overdue > 0) throw new Error('jobs are overdue');
    return state!.dead > 0 ? 'some jobs failed and wait for a person' : undefined;
  }

  private async redisNote(): Promise<string | undefined> {
    const redis = await this.redis.find();
    if (!redis) return 'not configured';
    await redis.ping();
    return undefined;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { messageOf } from '../../common/errors.js';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { LEASE_SECONDS } from './claimed-job.js';
import type { AttemptKey } from './job-end.js';

const HEARTBEAT_MS = 5_000;

const EXTEND = `
UPDATE background_job j SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
FROM unnest($1::uuid[], $2::int[]) AS h (id, fence) WHERE j.id = h.id AND j.fence = h.fence AND j.state = 'running' RETURNING j.id`;

interface Hold {
  readonly key: AttemptKey;
  readonly onLost: () => void;
}

/** Keeps the leases of everything that this process has claimed, with one statement a heartbeat. */
@Injectable()
export class LeaseKeeper {
  private readonly held = new Set<Hold>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Keeps the lease until the returned function is called; several may hold the same one. `onLost` is told when another attempt, a cancel or a pause has taken the job. */
  hold(key: AttemptKey, onLost: () => void): () => void {
    const hold: Hold = { key, onLost };
    this.held.add(hold);
    this.timer ??= setInterval(() => void this.beat(), HEARTBEAT_MS).unref();
    return () => {
      this.held.delete(hold);
      if (this.held.size > 0 || !this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
    };
  }

  private async beat(): Promise<void> {
    const held = [...this.held];
    try {
      const [rows] = await this.database.write(systemContext(null), (manager) => manager.query<[{ id: string }[], number]>(
        EXTEND, [held.map(({ key }) => key.id), held.map(({ key }) => key.fence)]), { allWorkspaces: true });
      const kept = new Set(rows.map(({ id }) => id));
      for (const { key, onLost } of held) if (!kept.has(key.id)) onLost();
    } catch (error) {
      this.logger.warn('a heartbeat was missed', { jobs: held.length, error: messageOf(error) });
    }
  }
}

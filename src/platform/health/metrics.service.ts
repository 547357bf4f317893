import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../infrastructure/database/database.js';
import type { MetricsBoard } from '../../infrastructure/telemetry/metrics-board.js';
import { Telemetry } from '../../infrastructure/telemetry/telemetry.js';
import { measureDepth } from '../../serverless-jobs/outbox/job-depth.js';
import { SweepAlarm } from '../alerts/sweep-alarm.js';
import { BackupStatus } from '../backups/backup-status.service.js';
import { QueueProbe } from './queue-probe.service.js';

/** The server shows a login the statements of its own connections. */
const SERVER = `
SELECT pg_database_size(current_database())::float8 AS size, count(*)::int AS connections,
  coalesce(max(extract(epoch FROM clock_timestamp() - query_start)) FILTER (WHERE state = 'active' AND pid <> pg_backend_pid()), 0)::float8 AS longest
FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()`;

interface ServerFigures {
  readonly size: number;
  readonly connections: number;
  readonly longest: number;
}

export interface Metrics {
  readonly contentType: string;
  readonly text: string;
}

/** The numbers of this process together with those that the database holds for all processes, in OpenMetrics. */
@Injectable()
export class MetricsService {
  constructor(
    @Inject(Telemetry) private readonly telemetry: Telemetry,
    @Inject(Database) private readonly database: Database,
    @Inject(QueueProbe) private readonly queue: QueueProbe,
    @Inject(SweepAlarm) private readonly sweepAlarm: SweepAlarm,
    @Inject(BackupStatus) private readonly backups: BackupStatus,
  ) {}

  /** Null where no numbers are kept. A database that does not answer leaves out what it holds: the rest is of use then above all. */
  async read(): Promise<Metrics | null> {
    const board = await this.telemetry.board();
    if (!board) return null;
    await Promise.all([this.noteJobs(board), this.noteServer(board), this.noteAges(board)]).catch(() => undefined);
    return { contentType: board.contentType, text: await board.text() };
  }

  private async noteJobs(board: MetricsBoard): Promise<void> {
    await measureDepth(this.database, board);
    const { overdue, stuck, dead } = await this.queue.counts();
    board.gauge('perch.jobs.overdue', overdue);
    board.gauge('perch.jobs.stuck', stuck);
    board.gauge('perch.jobs.dead', dead);
  }

  private async noteServer(board: MetricsBoard): Promise<void> {
    const [server] = await this.database.dataSource.query<ServerFigures[]>(SERVER);
    board.gauge('perch.database.size', server!.size);
    board.gauge('perch.database.connections', server!.connections);
    board.gauge('perch.database.longest', server!.longest);
  }

  private async noteAges(board: MetricsBoard): Promise<void> {
    const sweep = await this.sweepAlarm.age();
    if (sweep !== null) board.gauge('perch.sweep.age', sweep);
    if (this.backups.missing !== null) return;
    const { hours } = await this.backups.age();
    if (hours !== null) board.gauge('perch.backup.age', hours * 3_600);
  }
}

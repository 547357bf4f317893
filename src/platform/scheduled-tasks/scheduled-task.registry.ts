import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Scheduled, type ScheduledTask } from './scheduled-task.js';

const NOTE_CALL = `INSERT INTO system_heartbeat (name, at) VALUES ('daily call', now()) ON CONFLICT (name) DO UPDATE SET at = excluded.at`;
const SINCE_CALL = `SELECT (extract(epoch FROM clock_timestamp() - at) / 3600)::float8 AS hours FROM system_heartbeat WHERE name = 'daily call'`;

/** Finds the tasks of all features, and knows when all of them were last called. */
@Injectable()
export class ScheduledTaskRegistry implements OnModuleInit {
  private readonly tasks = new Map<string, ScheduledTask>();

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(Database) private readonly database: Database,
  ) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: Scheduled.KEY })) {
      const name = this.discovery.getMetadataByDecorator(Scheduled, wrapper)!;
      if (this.tasks.has(name)) throw new Error(`The scheduled task "${name}" exists twice.`);
      this.tasks.set(name, wrapper.instance as ScheduledTask);
    }
  }

  get names(): readonly string[] {
    return [...this.tasks.keys()].sort();
  }

  find(name: string): ScheduledTask | null {
    return this.tasks.get(name) ?? null;
  }

  async noteCall(): Promise<void> {
    await this.database.write(systemContext(null), (manager) => manager.query(NOTE_CALL));
  }

  /** Hours since the daily call, by the database's clock; null where there has been none. */
  async hoursSinceCall(): Promise<number | null> {
    const [row] = await this.database.dataSource.query<{ hours: number }[]>(SINCE_CALL);
    return row?.hours ?? null;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';

export interface WorkspaceEntry {
  readonly id: string;
  readonly timeZone: string;
}

/** Knows all workspaces, for schedules only. */
@Injectable()
export class WorkspaceDirectory {
  constructor(@Inject(Database) private readonly database: Database) {}

  all(): Promise<WorkspaceEntry[]> {
    return this.database.read(systemContext(null), (manager) =>
      manager.query<WorkspaceEntry[]>('SELECT id, time_zone AS "timeZone" FROM workspace ORDER BY id'), { allWorkspaces: true });
  }
}

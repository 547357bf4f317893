import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { systemContext, type RequestContext } from '../../common/request-context.js';
import { SecretBox } from '../../common/secret-box.js';
import { Database } from '../../infrastructure/database/database.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { WorkspaceDirectory } from '../identity/workspace-directory.service.js';
import { Scheduled, type ScheduledTask } from '../scheduled-tasks/scheduled-task.js';
import { resealChunk, staleRows } from './reseal-column.js';
import { sealedColumns, type SealedColumn } from './sealed-column.js';
import { resealSecrets } from './sealed-secrets.jobs.js';

const ofOwner = (owner: SealedColumn['owner']): SealedColumn[] => sealedColumns().filter((column) => column.owner === owner);

/**
 * After a new key was put in front of PERCH_SEALING_KEY, begins a job in each workspace that still has secrets of an older one.
 * Those of people belong to no workspace and are few: they are sealed anew at once.
 */
@Injectable()
@Scheduled('reseal-secrets')
export class ResealSecretsTask implements ScheduledTask {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(WorkspaceDirectory) private readonly workspaces: WorkspaceDirectory,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async start(now: Date): Promise<number> {
    for (const column of ofOwner('user')) await this.resealOfPeople(column);
    let begun = 0;
    for (const { id } of await this.workspaces.all()) {
      const context = systemContext(id);
      if (!(await this.hasStale(context).finally(() => this.database.release(context)))) continue;
      await this.jobs.enqueue(context, resealSecrets, {}, { dedupeKey: now.toISOString().slice(0, 10) });
      begun += 1;
    }
    return begun;
  }

  private hasStale(context: RequestContext): Promise<boolean> {
    return this.database.read(context, async (manager: EntityManager) => {
      for (const column of ofOwner('workspace')) {
        const [row] = await manager.query<{ found: boolean }[]>(`SELECT EXISTS (SELECT 1 FROM ${column.table} WHERE ${staleRows(column, 1)}) AS found`, [this.box.currentPrefix]);
        if (row!.found) return true;
      }
      return false;
    });
  }

  private async resealOfPeople(column: SealedColumn): Promise<void> {
    let after: string | null = null;
    let unreadable = 0;
    do {
      const chunk = await this.database.write(systemContext(null), (manager) => resealChunk(manager, this.box, column, after), { allWorkspaces: true });
      after = chunk.last;
      unreadable += chunk.unreadable;
    } while (after !== null);
    if (unreadable > 0) this.logger.warn('stored secrets could not be read', { table: column.table, unreadable });
  }
}

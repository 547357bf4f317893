import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import { BackupError } from '../../infrastructure/backup/backup-error.js';
import { partsOf, rowsOf, sizeOf, type BackupManifest } from '../../infrastructure/backup/backup-manifest.js';
import { copyPass } from '../../infrastructure/backup/copy-pass.js';
import { DatabaseSnapshot } from '../../infrastructure/backup/database-snapshot.js';
import { finishBackup } from '../../infrastructure/backup/finish-backup.js';
import { OpenedBackup } from '../../infrastructure/backup/read-backup.js';
import { expiredBackups } from '../../infrastructure/backup/retention.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { deleteBlocks, findBlocks, saveBlock, unfinishedBackups } from './backup-blocks.js';
import { BackupSetup, type DailyBackup } from './backup-setup.service.js';
import { noteBackup } from './backup-status.service.js';
import { backupDatabase } from './backups.jobs.js';

/** Milliseconds that the manifest, after the last block, may need. */
const RESERVE_MS = 10_000;
/** Passes after which more is changed all the time than an invocation can copy. */
const MOST_PASSES = 500;

/** Where a backup stands. */
interface Position extends JsonObject {
  readonly id: string;
  readonly phase: 'copy' | 'check' | 'prune';
  readonly passes: number;
  /** The migrations that the blocks were copied under. */
  readonly schema: string;
  /** Blocks that have been read back. */
  readonly checked: number;
}

const blocksOf = ({ tables }: BackupManifest) => tables.flatMap(({ name, blocks }) => blocks.map((block) => ({ name, block })));

/**
 * Copies in passes, of one snapshot each: a pass copies what is missing and what has changed since it was copied. The pass that comes to
 * its end has all rows as of its own snapshot. Then everything is read back, and only a backup that was right replaces older ones.
 */
@Injectable()
@JobHandler(backupDatabase)
export class BackupDatabase implements JobWork<typeof backupDatabase> {
  constructor(
    @Inject(BackupSetup) private readonly setup: BackupSetup,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(job: RunningJob): Promise<void> {
    const { daily } = this.setup;
    if (daily === null) return job.complete(() => Promise.resolve({ skipped: this.setup.missing }));
    let position = (job.cursor as Position | null) ?? (await this.begin(job, daily));
    if (position.phase === 'copy') position = await this.copy(job, daily, position);
    const source = daily.backups.source(position.id);
    const backup = await OpenedBackup.open(source, daily.keys);
    if (position.phase === 'check') position = await this.check(job, backup, position);
    const deleted = await this.prune(job, daily, backup.manifest);
    const result = { id: position.id, at: backup.manifest.at, rows: rowsOf(backup.manifest), bytes: sizeOf(backup.manifest), parts: partsOf(backup.manifest).length, passes: position.passes, deleted };
    await job.complete(async (manager) => {
      await noteBackup(manager, new Date(backup.manifest.at), result);
      return result;
    });
  }

  /** Gives up what earlier backups left behind, and chooses a name. */
  private async begin(job: RunningJob, { backups }: DailyBackup): Promise<Position> {
    const complete = new Set((await backups.list()).map(({ id }) => id));
    for (const id of await job.transaction(unfinishedBackups)) {
      if (!complete.has(id)) await backups.delete(id);
      await job.transaction((manager) => deleteBlocks(manager, id));
    }
    return this.advance(job, { id: newId(this.clock.now().getTime()), phase: 'copy', passes: 0, schema: '', checked: 0 }, 0, 1);
  }

  private async copy(job: RunningJob, { ownerUrl, keys, backups }: DailyBackup, before: Position): Promise<Position> {
    if (before.passes >= MOST_PASSES) throw new BackupError('BACKUP_NEVER_CAUGHT_UP', `After ${before.passes} passes more is changed all the time than can be copied. Use "perch backup".`);
    const snapshot = await DatabaseSnapshot.open(ownerUrl);
    try {
      const position = await this.beginPass(job, before, snapshot.migrations.join());
      const target = backups.target(position.id);
      let isFirst = true;
      const blocks = await copyPass(snapshot, target, keys[0], {
        known: () => job.transaction((manager) => findBlocks(manager, position.id)),
        record: (block, done, total) => job.advance({ cursor: position, done, total, message: `${block.table} copied` }, (manager) => saveBlock(manager, position.id, block)),
        beforeBlock: () => {
          // One block at least: looking for what has changed must not take all the time for ever.
          if (!isFirst) job.yieldIfDue(RESERVE_MS);
          isFirst = false;
        },
      });
      await finishBackup(snapshot, target, keys[0], blocks, null);
      const next: Position = { ...position, phase: 'check' };
      await job.advance({ cursor: next, done: 0, total: blocks.length, message: 'reading back' }, (manager) => deleteBlocks(manager, position.id));
      return next;
    } finally {
      await snapshot.close();
    }
  }

  /** Blocks that were copied under other migrations are worth nothing. */
  private async beginPass(job: RunningJob, before: Position, schema: string): Promise<Position> {
    if (before.passes > 0 && before.schema !== schema) await job.transaction((manager) => deleteBlocks(manager, before.id));
    return this.advance(job, { ...before, passes: before.passes + 1, schema }, 0, 1);
  }

  private async check(job: RunningJob, backup: OpenedBackup, before: Position): Promise<Position> {
    const blocks = blocksOf(backup.manifest);
    let position = before;
    for (const { name, block } of blocks.slice(before.checked)) {
      job.yieldIfDue();
      await backup.verifyBlock(name, block);
      position = await this.advance(job, { ...position, checked: position.checked + 1 }, position.checked + 1, blocks.length);
    }
    return this.advance(job, { ...position, phase: 'prune' }, blocks.length, blocks.length);
  }

  /** Marks the backup as read back and deletes what is no longer wanted. Returns how many backups that were. */
  private async prune(job: RunningJob, { backups, keepDays }: DailyBackup, manifest: BackupManifest): Promise<number> {
    await backups.markVerified(manifest.id, this.clock.now());
    await backups.tidy(manifest.id, partsOf(manifest));
    const expired = expiredBackups(await backups.list(), this.clock.now(), keepDays);
    for (const { id } of expired) {
      job.yieldIfDue();
      await backups.delete(id);
    }
    return expired.length;
  }

  private async advance(job: RunningJob, position: Position, done: number, total: number): Promise<Position> {
    await job.advance({ cursor: position, done, total }, () => Promise.resolve());
    return position;
  }
}

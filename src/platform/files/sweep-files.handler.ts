import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { JsonObject } from '../../common/json.js';
import { ObjectStorage } from '../../infrastructure/object-storage/object-storage.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { Scheduled, type ScheduledTask } from '../scheduled-tasks/scheduled-task.js';
import { FileOwnerRegistry } from './file-owner.registry.js';
import { sweepFiles } from './files.jobs.js';

/** Sees to it that each workspace's comparison of the day is begun. */
@Injectable()
@Scheduled('sweep-files')
export class SweepFilesTask implements ScheduledTask {
  constructor(@Inject(ScheduleService) private readonly schedules: ScheduleService) {}

  start(now: Date): Promise<number> {
    return this.schedules.runToday(sweepFiles, now);
  }
}

/** Younger ones may belong to an upload or a transaction that is still under way. */
const OLD_MS = 86_400_000;
const PAGE = 200;
const AT_ONCE = 8;

/** Where a comparison stands: the kind of files, its place in both lists, and what was found. */
interface Position extends JsonObject {
  readonly kind: number;
  readonly cursor: string | null;
  readonly after: string;
  readonly deleted: number;
  readonly missing: number;
}

const BEGIN: Position = { kind: 0, cursor: null, after: '', deleted: 0, missing: 0 };

/**
 * Goes through objects and rows side by side, in the order of their keys: an object that no row names is deleted, a row whose
 * object is missing is reported. Both only when they are older than a day.
 */
@Injectable()
@JobHandler(sweepFiles)
export class SweepFiles implements JobWork<typeof sweepFiles> {
  constructor(
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
    @Inject(FileOwnerRegistry) private readonly owners: FileOwnerRegistry,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(job: RunningJob): Promise<void> {
    const { kinds } = this.owners;
    let position = (job.cursor as Position | null) ?? BEGIN;
    while (position.kind < kinds.length) {
      position = await this.step(job, kinds[position.kind]!, position);
      await job.advance({ cursor: position, done: position.kind, total: kinds.length }, () => Promise.resolve());
      job.yieldIfDue();
    }
    await job.complete(() => Promise.resolve({ deleted: position.deleted, missing: position.missing }));
  }

  private async step(job: RunningJob, kind: string, { kind: index, cursor, after, deleted, missing }: Position): Promise<Position> {
    const { objects, cursor: next } = await this.storage.list(job.context, kind, { cursor, limit: PAGE });
    const upTo = next === null ? null : (objects.at(-1)?.key ?? after);
    const rows = await this.owners.get(kind).keys(job.context, after, upTo);
    const isOld = (at: Date): boolean => at.getTime() < this.clock.now().getTime() - OLD_MS;
    const [named, stored] = [new Set(rows.map(({ key }) => key)), new Set(objects.map(({ key }) => key))];
    const orphans = objects.filter(({ key, modifiedAt }) => !named.has(key) && isOld(modifiedAt));
    const lost = rows.filter(({ key, createdAt }) => !stored.has(key) && isOld(createdAt));
    for (let begin = 0; begin < orphans.length; begin += AT_ONCE) {
      await Promise.all(orphans.slice(begin, begin + AT_ONCE).map(({ key }) => this.storage.delete(job.context, key)));
    }
    for (const { key } of lost.slice(0, PAGE)) job.log('warn', 'the file of a record is missing', { key });
    const found = { deleted: deleted + orphans.length, missing: missing + lost.length };
    return next === null ? { ...BEGIN, kind: index + 1, ...found } : { kind: index, cursor: next, after: upTo!, ...found };
  }
}

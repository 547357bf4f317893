import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { SecretBox } from '../../common/secret-box.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { resealChunk } from './reseal-column.js';
import { sealedColumns } from './sealed-column.js';
import { resealSecrets } from './sealed-secrets.jobs.js';

/** Where the work stands: the column, the last row of it, and what was done so far. */
interface Position extends JsonObject {
  readonly column: number;
  readonly after: string | null;
  readonly resealed: number;
  readonly unreadable: number;
}

const BEGIN: Position = { column: 0, after: null, resealed: 0, unreadable: 0 };

/** Seals a workspace's secrets anew. What cannot be read is left as it is, and the job fails at its end to say so. */
@Injectable()
@JobHandler(resealSecrets)
export class ResealSecrets implements JobWork<typeof resealSecrets> {
  constructor(@Inject(SecretBox) private readonly box: SecretBox) {}

  async handle(job: RunningJob): Promise<void> {
    const columns = sealedColumns().filter(({ owner }) => owner === 'workspace');
    let position = (job.cursor as Position | null) ?? BEGIN;
    while (position.column < columns.length) {
      const { column, after, resealed, unreadable } = position;
      position = await job.transaction(async (manager) => {
        const chunk = await resealChunk(manager, this.box, columns[column]!, after);
        const next: Position = {
          column: chunk.last === null ? column + 1 : column, after: chunk.last, resealed: resealed + chunk.resealed, unreadable: unreadable + chunk.unreadable,
        };
        await job.advance({ cursor: next, done: next.column, total: columns.length }, () => Promise.resolve());
        return next;
      });
      job.yieldIfDue();
    }
    const { resealed, unreadable } = position;
    if (unreadable > 0) {
      throw new DomainError('SECRETS_UNREADABLE', `${unreadable} stored secrets were sealed with a key that PERCH_SEALING_KEY no longer holds, or were changed. ${resealed} were sealed anew. Add the older key again and retry, or replace those secrets.`, 500);
    }
    await job.complete(() => Promise.resolve({ resealed }));
  }
}

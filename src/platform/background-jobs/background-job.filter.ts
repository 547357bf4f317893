import type { SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import type { RequestContext } from '../../common/request-context.js';
import { idText, textUpTo, timeInput } from '../../common/validation.js';
import { containing } from '../../infrastructure/database/list-page.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { readBackgroundJobPayloads } from './background-jobs.permissions.js';

export const STATES = ['queued', 'running', 'waiting', 'paused', 'done', 'dead', 'cancelled', 'discarded'] as const;

const TEXT_LIMIT = 200;
const KEY_LIMIT = 300;

/** Which background jobs are meant; all members must fit. Members that are left out, null or empty mean any. */
export const JOB_FILTER = z.object({
  states: z.array(z.enum(STATES)).max(STATES.length).nullish(),
  type: textUpTo(80).nullish(),
  kind: z.enum(['job', 'workflow']).nullish(),
  subjectId: idText.nullish(),
  parentId: idText.nullish(),
  key: textUpTo(KEY_LIMIT).nullish(),
  text: textUpTo(TEXT_LIMIT).nullish(),
  createdAfter: timeInput.nullish(),
  createdBefore: timeInput.nullish(),
});

export type JobFilter = z.output<typeof JOB_FILTER>;

/** Places where a text is looked for. Payloads only for those who may read them: a search would spell them out letter by letter. */
const TEXT_PLACES = ['job.error_message', 'job.error_code', 'job.progress_message', 'job.type'];

/** Whether a search of this caller looks into payloads. */
export const maySearchPayload = (context: RequestContext): boolean => context.can(readBackgroundJobPayloads);

/** Narrows a query over background_job, whose alias must be `job`, to what the filter means. */
export function narrow(query: SelectQueryBuilder<BackgroundJob>, filter: JobFilter, searchPayload: boolean): SelectQueryBuilder<BackgroundJob> {
  const { states, type, kind, subjectId, parentId, key, text, createdAfter, createdBefore } = filter;
  if (states && states.length > 0) query.andWhere('job.state IN (:...states)', { states });
  if (type) query.andWhere('job.type = :type', { type });
  if (kind) query.andWhere('job.kind = :kind', { kind });
  if (subjectId) query.andWhere('job.subject_id = :subjectId', { subjectId });
  if (parentId) query.andWhere('job.parent_id = :parentId', { parentId });
  if (key) query.andWhere('(job.dedupe_key = :key OR job.concurrency_key = :key)', { key });
  if (createdAfter) query.andWhere('job.created_at >= :createdAfter', { createdAfter });
  if (createdBefore) query.andWhere('job.created_at < :createdBefore', { createdBefore });
  if (text) {
    const places = [...TEXT_PLACES, ...(searchPayload ? ['job.payload::text'] : [])];
    query.andWhere(`(${places.map((place) => `${place} ILIKE :pattern`).join(' OR ')})`, { pattern: containing(text) });
  }
  return query;
}

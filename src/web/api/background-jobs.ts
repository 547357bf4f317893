import type { JobState, Page } from './operations.js';

/** The GraphQL operations of the screens about background jobs, as text. */

export interface JobFilter {
  readonly states?: readonly JobState[];
  readonly type?: string;
  readonly text?: string;
  readonly createdAfter?: string;
  readonly parentId?: string;
}

export interface JobLine {
  readonly id: string;
  readonly type: string;
  readonly state: JobState;
  readonly progressPercent: number;
  readonly progressMessage: string | null;
  readonly errorMessage: string | null;
  readonly discardReason: string | null;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly runAt: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
const LINE = 'id type state progressPercent progressMessage errorMessage discardReason attempts maxAttempts subjectType subjectId runAt createdAt finishedAt';
const PAGE = 'pageInfo { endCursor hasNextPage }';

export interface JobsData {
  readonly backgroundJobs: Omit<Page<JobLine>, 'totalCount'>;
}
export const BACKGROUND_JOBS = `query ($filter: BackgroundJobFilter, $after: String) {
  backgroundJobs(first: 50, after: $after, filter: $filter) { nodes { ${LINE} } ${PAGE} } }`;

interface Figures {
  readonly finished: number;
  readonly failed: number;
  readonly failureRate: number;
}
export interface TypeFigures extends Figures {
  readonly type: string;
  readonly waitP95: number | null;
  readonly durationP95: number | null;
  readonly buckets: readonly (Figures & { readonly at: string })[];
}
export interface HealthData {
  readonly backgroundJobCounts: readonly { readonly state: JobState; readonly count: number }[];
  readonly backgroundJobQueue: { readonly due: number; readonly later: number; readonly parked: number; readonly running: number; readonly oldestDueAge: number | null };
  readonly backgroundJobStatistics: readonly TypeFigures[];
}
export const HEALTH = `{ backgroundJobCounts { state count } backgroundJobQueue { due later parked running oldestDueAge }
  backgroundJobStatistics { type finished failed failureRate waitP95 durationP95 buckets { at finished failed failureRate } } }`;

export type BulkAction = 'retry' | 'discard' | 'cancel';
export const MATCHES = 'query ($action: BackgroundJobAction!, $filter: BackgroundJobFilter) { backgroundJobMatches(action: $action, filter: $filter) }';
export const BULK: Readonly<Record<BulkAction, string>> = {
  retry: 'mutation ($filter: BackgroundJobFilter!) { job: bulkRetryBackgroundJobs(filter: $filter) { id } }',
  discard: 'mutation ($filter: BackgroundJobFilter!, $reason: String!) { job: bulkDiscardBackgroundJobs(filter: $filter, reason: $reason) { id } }',
  cancel: 'mutation ($filter: BackgroundJobFilter!) { job: bulkCancelBackgroundJobs(filter: $filter) { id } }',
};
export interface BulkProgress {
  readonly backgroundJob: { readonly state: JobState; readonly progressPercent: number; readonly errorMessage: string | null; readonly counters: { readonly done: number; readonly total: number; readonly failed: number } | null } | null;
}
export const BULK_PROGRESS = 'query ($id: ID!) { backgroundJob(id: $id) { state progressPercent errorMessage counters } }';

export interface TimelineEntry {
  readonly kind: 'CREATED' | 'WAIT' | 'ATTEMPT' | 'STEP' | 'END';
  readonly label: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly outcome: string | null;
  readonly detail: string | null;
}
interface Ended {
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}
export interface Attempt extends Ended {
  readonly id: string;
  readonly number: number;
  readonly outcome: string;
}
export interface Step extends Ended {
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly dueAt: string | null;
  readonly result: unknown;
}
export interface LogLine {
  readonly attempt: number;
  readonly sequence: number;
  readonly at: string;
  readonly level: string;
  readonly message: string;
  readonly data: unknown;
}
export interface JobDetail extends JobLine {
  readonly kind: string;
  readonly errorCode: string | null;
  readonly dedupeKey: string | null;
  readonly concurrencyKey: string | null;
  readonly counters: Readonly<Record<string, unknown>> | null;
  readonly payload: unknown;
  readonly result: unknown;
  readonly startedAt: string | null;
  readonly parent: { readonly id: string; readonly type: string } | null;
  readonly attemptLog: readonly Attempt[];
  readonly steps: readonly Step[];
  readonly timeline: readonly TimelineEntry[];
  readonly logs: { readonly nodes: readonly LogLine[]; readonly totalCount: number };
  readonly children: { readonly nodes: readonly { readonly id: string; readonly type: string; readonly state: JobState }[]; readonly totalCount: number };
}
export const BACKGROUND_JOB = `query ($id: ID!) { backgroundJob(id: $id) { ${LINE} kind errorCode dedupeKey concurrencyKey counters payload result startedAt
  parent { id type } children(first: 50) { nodes { id type state } totalCount } attemptLog { id number outcome errorCode errorMessage startedAt finishedAt }
  steps { name kind state attempts dueAt result errorCode errorMessage startedAt finishedAt } timeline { kind label startedAt finishedAt outcome detail }
  logs(first: 200) { nodes { attempt sequence at level message data } totalCount } } }`;

const changing = (field: string, parameters = '', argument = ''): string => `mutation ($id: ID!${parameters}) { ${field}(id: $id${argument}) { id state } }`;
export const CHANGES = {
  cancel: changing('cancelBackgroundJob'), pause: changing('pauseBackgroundJob'), resume: changing('resumeBackgroundJob'), runNow: changing('runBackgroundJobNow'),
  reschedule: changing('rescheduleBackgroundJob', ', $at: DateTime!', ', at: $at'), retryFromStep: changing('retryBackgroundJobFromStep', ', $step: String!', ', step: $step'),
  discard: changing('discardBackgroundJob', ', $reason: String!', ', reason: $reason'),
} as const;

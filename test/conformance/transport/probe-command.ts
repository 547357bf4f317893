import type { JobPriority } from '../../../src/serverless-jobs/definition/define-job.js';

/** A probe job to be enqueued, with how. */
export interface ProbePayload {
  readonly label: string;
  readonly failures?: number;
  readonly takes?: number;
  readonly gate?: string;
  readonly delay?: number;
  readonly priority?: JobPriority;
}

/** What a process of the suite is told. */
export type Command =
  | { readonly enqueue: readonly ProbePayload[] }
  | { readonly chunked: { readonly label: string; readonly chunks: number } }
  | { readonly publish: string; readonly times: number }
  | { readonly drain: true }
  | { readonly sweep: true };

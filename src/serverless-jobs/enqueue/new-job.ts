import type { z } from 'zod';
import { DomainError, invalidInput } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import { PRIORITY_NUMBERS, type JobDefinition, type JobPriority } from '../definition/define-job.js';

const PAYLOAD_LIMIT_BYTES = 32_768;
const KEY_LIMIT = 300;
const MAX_DELAY_MS = 366 * 86_400_000;

/** What a caller may say about one job; the rest is in its definition. */
export interface EnqueueOptions {
  /** The record that the work is about, so that its page can show the progress. */
  readonly subject?: { readonly type: string; readonly id: string };
  /** Work of this kind with the same key exists at most once in a workspace, for ever: an idempotency key. */
  readonly dedupeKey?: string;
  /** Milliseconds to wait before the first attempt. */
  readonly delay?: number;
  /** The time of the first attempt, instead of a delay. */
  readonly at?: Date;
  readonly priority?: JobPriority;
  readonly retries?: number;
  readonly concurrencyKey?: string;
  /** The workflow that waits for this job, and the step it waits in. */
  readonly parent?: { readonly id: string; readonly step: string };
}

/** A row of background_job before it is written. */
export interface NewJob {
  readonly id: string;
  readonly payload: string;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly dedupeKey: string | null;
  readonly debounceKey: string | null;
  readonly concurrencyKey: string | null;
  readonly rateKey: string | null;
  readonly priority: number;
  /** Milliseconds from the database's now, or a time. */
  readonly delay: number;
  readonly at: Date | null;
  readonly maxAttempts: number;
  readonly parentId: string | null;
  readonly parentStep: string | null;
}

function payloadText<Payload extends z.ZodType>(definition: JobDefinition<Payload>, payload: z.input<Payload>): { text: string; value: z.output<Payload> } {
  const parsed = definition.payload.safeParse(payload);
  if (!parsed.success) {
    throw new DomainError('INVALID_JOB_PAYLOAD', `The payload of "${definition.name}" is wrong: ${parsed.error.issues[0]?.message ?? 'unknown'}.`, 400);
  }
  const text = JSON.stringify(parsed.data ?? {});
  if (Buffer.byteLength(text) > PAYLOAD_LIMIT_BYTES) throw invalidInput('A job carries ids, not records: its payload is too large.');
  if (text.includes('\\u0000')) throw new DomainError('INVALID_JOB_PAYLOAD', `The payload of "${definition.name}" contains a character that cannot be stored.`, 400);
  return { text, value: parsed.data };
}

function checkedKey(key: string | null | undefined): string | null {
  if (key === null || key === undefined) return null;
  if (key.length === 0 || key.length > KEY_LIMIT) throw invalidInput(`A key of a background job must have 1 to ${KEY_LIMIT} characters.`);
  return key;
}

function checkedDelay({ delay = 0, at }: EnqueueOptions, wait: number): number {
  const total = at ? at.getTime() - Date.now() : Math.max(delay, wait);
  if (!Number.isFinite(total) || total > MAX_DELAY_MS || delay < 0) throw invalidInput('A background job can wait at most a year.', 'delay');
  return at ? 0 : total;
}

/**
 * The row of a job. `now` decides the window of a throttle. Throws INVALID_JOB_PAYLOAD when the payload does not fit the
 * definition and INVALID_INPUT for keys and delays out of bounds: nothing wrong gets into the queue.
 */
export function newJob<Payload extends z.ZodType>(definition: JobDefinition<Payload>, payload: z.input<Payload>, options: EnqueueOptions, now: Date): NewJob {
  const { text, value } = payloadText(definition, payload);
  const { throttle, debounce, rate } = definition;
  const throttleKey = throttle ? `throttle ${Math.floor(now.getTime() / throttle.period)} ${throttle.key(value)}` : null;
  return {
    id: newId(), payload: text,
    subjectType: options.subject?.type ?? null, subjectId: options.subject?.id ?? null,
    dedupeKey: checkedKey(options.dedupeKey ?? throttleKey ?? definition.dedupeKey?.(value)),
    debounceKey: checkedKey(debounce?.key(value)),
    concurrencyKey: checkedKey(options.concurrencyKey ?? definition.concurrencyKey?.(value)),
    rateKey: rate ? checkedKey(`${definition.name} ${rate.key?.(value) ?? ''}`) : null,
    priority: PRIORITY_NUMBERS[options.priority ?? definition.priority],
    delay: checkedDelay(options, debounce?.wait ?? 0), at: options.at ?? null,
    maxAttempts: (options.retries ?? definition.retries) + 1,
    parentId: options.parent?.id ?? null, parentStep: options.parent?.step ?? null,
  };
}

import type { z } from 'zod';
import { DEFAULT_BACKOFF, type Backoff } from '../../common/backoff.js';

/** How urgent work is. Urgent work is begun first within a workspace and travels in a lane of its own. */
export type JobPriority = 'high' | 'normal' | 'low';
export const PRIORITY_NUMBERS: Readonly<Record<JobPriority, number>> = { high: 1, normal: 2, low: 3 };

/** At most `limit` starts a `period` (ms) for one key; what is too much waits for its turn. Bursts up to `limit` are allowed. */
export interface RateRule<Value> {
  readonly limit: number;
  readonly period: number;
  key?(payload: Value): string;
}

/** Repeated requests within `wait` ms become one job with the last payload, at most `maxWait` ms after the first. */
export interface DebounceRule<Value> {
  readonly wait: number;
  readonly maxWait?: number;
  key(payload: Value): string;
}

/** The first request in each window of `period` ms becomes a job; the others are answered with its id. */
export interface ThrottleRule<Value> {
  readonly period: number;
  key(payload: Value): string;
}

/** When a job is begun by the clock, once a workspace unless it is for the whole installation. */
export interface ScheduleRule {
  /** Five fields, as cron has them. */
  readonly cron: string;
  /** IANA name; the workspace's own time zone where it is left out. */
  readonly timeZone?: string;
  /** What happens to times that were missed: `skip` all, make up for the `last` one (default), or for `all`. */
  readonly catchUp?: 'skip' | 'last' | 'all';
  /** Only in the oldest workspace, for work that is for the whole installation. */
  readonly once?: boolean;
}

interface JobOptions<Payload extends z.ZodType> {
  readonly name: string;
  readonly payload: Payload;
  /** Grows when the stored payloads or steps of older versions no longer fit. 1 unless told. */
  readonly version?: number;
  /** 3 unless told; as many as the backoff lists delays where it does. */
  readonly retries?: number;
  readonly backoff?: Partial<Backoff>;
  readonly timeout?: number;
  readonly priority?: JobPriority;
  /** Jobs with the same key run at most `concurrency` (1 unless told) at a time. */
  concurrencyKey?(payload: z.output<Payload>): string;
  readonly concurrency?: number;
  /** Work with the same key exists once in a workspace, for ever. */
  dedupeKey?(payload: z.output<Payload>): string;
  readonly rate?: RateRule<z.output<Payload>>;
  readonly debounce?: DebounceRule<z.output<Payload>>;
  readonly throttle?: ThrottleRule<z.output<Payload>>;
  /** Needs a payload schema that accepts `{}`. */
  readonly schedule?: ScheduleRule;
}

/** What a kind of background work is called, takes and tolerates. The handler is found by this object. */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> extends JobOptions<Payload> {
  readonly kind: 'job' | 'workflow';
  readonly version: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly backoff: Backoff;
  /** Milliseconds that one attempt may take before its signal is aborted and it counts as failed. */
  readonly timeout: number;
  readonly priority: JobPriority;
  readonly concurrency: number;
}

/** As long as a failure may ask to wait. */
export const MAX_DELAY_MS = 86_400_000;

const NAME = /^[a-z][A-Za-z0-9]{0,79}$/;
const defined = new Map<string, JobDefinition>();

/** Adds a definition to those that must have a handler. Throws where the name is taken or is not camelCase. */
export function register<Payload extends z.ZodType>(options: JobOptions<Payload>, kind: JobDefinition['kind']): JobDefinition<Payload> {
  if (!NAME.test(options.name)) throw new Error(`"${options.name}" cannot be the name of a background job: use camelCase.`);
  if (defined.has(options.name)) throw new Error(`The background job "${options.name}" is defined twice.`);
  if (options.schedule && !options.payload.safeParse({}).success) throw new Error(`The background job "${options.name}" has a schedule, so its payload must accept {}.`);
  const { delays } = options.backoff ?? {};
  if (delays && (delays.length === 0 || !delays.every((delay) => delay >= 0 && delay <= MAX_DELAY_MS))) throw new Error(`The background job "${options.name}" must list delays of 0 ms to a day.`);
  const definition: JobDefinition<Payload> = {
    ...options, kind,
    version: options.version ?? 1,
    retries: options.retries ?? delays?.length ?? 3,
    backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
    timeout: options.timeout ?? 60_000,
    priority: options.priority ?? 'normal',
    concurrency: options.concurrency ?? 1,
  };
  defined.set(options.name, definition as unknown as JobDefinition);
  return definition;
}

/**
 * Declares a kind of background work. Defaults: 3 retries, 60 s an attempt, backoff 5 s, 15 s, 45 s; a schedule of its own is
 * `backoff: { delays: [5_000, 300_000] }`.
 *
 * @example export const sendWelcome = defineJob({ name: 'sendWelcome', payload: z.object({ userId: z.uuid() }) });
 */
export const defineJob = <Payload extends z.ZodType>(options: JobOptions<Payload>): JobDefinition<Payload> => register(options, 'job');

/** Every definition that has been loaded. */
export const definedJobs = (): readonly JobDefinition[] => [...defined.values()];

export type { JobOptions };

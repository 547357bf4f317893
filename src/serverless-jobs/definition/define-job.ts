import type { z } from 'zod';
import { DEFAULT_BACKOFF, type Backoff } from '../../common/backoff.js';

/** What a kind of background work is called, takes and tolerates. The handler is found by this object. */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: Payload;
  /** Attempts after the first. */
  readonly retries: number;
  readonly backoff: Backoff;
  /** Milliseconds that one attempt may take before its signal is aborted and it counts as failed. */
  readonly timeout: number;
}

interface JobOptions<Payload extends z.ZodType> {
  readonly name: string;
  readonly payload: Payload;
  readonly retries?: number;
  readonly backoff?: Partial<Backoff>;
  readonly timeout?: number;
}

const defined = new Map<string, JobDefinition>();

/**
 * Declares a kind of background work. Defaults: 3 retries, 60 s an attempt, backoff 5 s, 15 s, 45 s.
 *
 * @example export const sendWelcome = defineJob({ name: 'sendWelcome', payload: z.object({ userId: z.uuid() }) });
 */
export function defineJob<Payload extends z.ZodType>(options: JobOptions<Payload>): JobDefinition<Payload> {
  if (defined.has(options.name)) throw new Error(`The background job "${options.name}" is defined twice.`);
  const definition = {
    name: options.name,
    payload: options.payload,
    retries: options.retries ?? 3,
    backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
    timeout: options.timeout ?? 60_000,
  };
  defined.set(options.name, definition);
  return definition;
}

/** Every definition that has been loaded. */
export const definedJobs = (): readonly JobDefinition[] => [...defined.values()];

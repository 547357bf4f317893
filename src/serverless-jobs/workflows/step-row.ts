import { NonRetryableError } from '../definition/non-retryable-error.js';
import { ChildFailedError, StepFailedError } from './step-failed-error.js';

export type StepKind = 'run' | 'sleep' | 'event' | 'child' | 'enqueue';
/** `running` has begun; `retrying` failed and is tried again at `due_at`; `waiting` sleeps or waits for an event or a child. */
export type StepState = 'running' | 'waiting' | 'retrying' | 'done' | 'failed';

/** What a run remembers of a step. */
export interface StepRow {
  readonly name: string;
  /** Order of first appearance in the run. */
  readonly position: number;
  readonly kind: StepKind;
  readonly state: StepState;
  readonly attempts: number;
  readonly eventName: string | null;
  readonly childId: string | null;
  /** JSON as the database writes it, so that each replay reads the same; null for a step without result. */
  readonly result: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Whether the time that it waits for has come. */
  readonly due: boolean;
}

export const STEP_COLUMNS = `name, position, kind, state, attempts, event_name AS "eventName", child_id AS "childId", result::text AS result,
  error_code AS "errorCode", error_message AS "errorMessage", coalesce(due_at <= now(), false) AS due`;

const RESULT_LIMIT_BYTES = 65_536;

/** The text under which a result is stored; null for none. Throws RESULT_TOO_LARGE, or INVALID_RESULT for what is not JSON. */
export function resultText(value: unknown): string | null {
  if (value === undefined) return null;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  if (text === undefined || text.includes('\\u0000')) throw new NonRetryableError('INVALID_RESULT', 'The result of the step cannot be stored as JSON.');
  if (Buffer.byteLength(text) > RESULT_LIMIT_BYTES) {
    throw new NonRetryableError('RESULT_TOO_LARGE', `The result of the step is larger than ${RESULT_LIMIT_BYTES / 1_024} KB: store the records and return their ids.`);
  }
  return text;
}

export const parseResult = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

/** The failure that a failed step throws into its workflow. */
export function failureOf({ name, childId, errorCode, errorMessage }: StepRow): StepFailedError {
  const code = errorCode ?? 'UNEXPECTED';
  const reason = errorMessage ?? 'It gave no reason.';
  return childId === null
    ? new StepFailedError(name, code, `The step "${name}" failed: ${reason}`)
    : new ChildFailedError(name, childId, code, `The step "${name}" waited for a job that failed: ${reason}`);
}

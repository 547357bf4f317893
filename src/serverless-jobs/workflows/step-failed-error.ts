import { NonRetryableError } from '../definition/non-retryable-error.js';

/** A step has failed for good. A workflow may catch it and go another way; it is thrown in the same way on every replay. */
export class StepFailedError extends NonRetryableError {
  constructor(
    readonly step: string,
    code: string,
    message: string,
  ) {
    super(code, message);
    this.name = 'StepFailedError';
  }
}

/** The child that a step waited for is dead or was cancelled; `code` is its reason. */
export class ChildFailedError extends StepFailedError {
  constructor(
    step: string,
    readonly childId: string,
    code: string,
    message: string,
  ) {
    super(step, code, message);
    this.name = 'ChildFailedError';
  }
}

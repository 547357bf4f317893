/** A failure that says when trying again may help, like an answer with Retry-After. It counts as an attempt. */
export class RetryLaterError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Milliseconds to wait, instead of the definition's backoff. */
    readonly delay: number,
  ) {
    super(message);
    this.name = 'RetryLaterError';
  }
}

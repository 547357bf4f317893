/** A failure that no retry mends; the job goes to the dead letters at once, with this code and text as the reason. */
export class NonRetryableError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'NonRetryableError';
  }
}

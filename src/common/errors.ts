/** Extra facts that a client may show beside the message, for example the field that is wrong. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The one error type that may reach a caller. Everything else is a defect and is answered as INTERNAL without its text.
 *
 * `code` is upper snake case and stable; `publicMessage` says what to do; `status` is the HTTP status; `retryable` tells
 * callers and background jobs whether the same request may succeed later.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly publicMessage: string,
    readonly status: number,
    readonly retryable = false,
    readonly details: ErrorDetails = {},
  ) {
    super(`${code}: ${publicMessage}`);
    this.name = 'DomainError';
  }
}

/** Something asked for by id is not there, or not visible to the caller: the answer is the same on purpose. */
export const notFound = (noun: string): DomainError =>
  new DomainError('NOT_FOUND', `${noun} was not found. It may have been deleted, or you may not have access to it.`, 404);

/** The caller sent something that can never be accepted; `field` names the part that is wrong. */
export const invalidInput = (message: string, field?: string): DomainError =>
  new DomainError('INVALID_INPUT', message, 400, false, field === undefined ? {} : { field });

export const unauthenticated = (message = 'Sign in, or send an API key, to do this.'): DomainError =>
  new DomainError('UNAUTHENTICATED', message, 401);

export const forbidden = (permission: string): DomainError =>
  new DomainError('FORBIDDEN', `This needs the permission "${permission}". Ask an owner or admin of the workspace.`, 403, false, { permission });

/** A caller-readable text of any thrown value, for logs and attempt records only. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export type OutboundFailure = 'TARGET_REFUSED' | 'TIMED_OUT' | 'UNREACHABLE';

/** Why a request to an address that a member of a workspace chose was not answered. */
export class OutboundError extends Error {
  constructor(
    readonly code: OutboundFailure,
    message: string,
  ) {
    super(message);
    this.name = 'OutboundError';
  }
}

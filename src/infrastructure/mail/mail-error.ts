import { DomainError } from '../../common/errors.js';

export type MailErrorCode = 'INVALID_MAIL' | 'MAIL_REFUSED' | 'MAIL_DEFERRED' | 'MAIL_SERVER_UNREACHABLE' | 'MAIL_SERVER_SETUP';

/** The failures that the same mail meets each time: the others are worth another attempt. */
const PERMANENT: readonly MailErrorCode[] = ['INVALID_MAIL', 'MAIL_REFUSED'];

/** A mail was not sent. `retryable` is false where the recipient or the mail itself is what was refused. */
export class MailError extends DomainError {
  constructor(code: MailErrorCode, message: string) {
    super(code, message, 502, !PERMANENT.includes(code));
    this.name = 'MailError';
  }
}

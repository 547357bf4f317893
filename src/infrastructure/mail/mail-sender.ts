import { MailError } from './mail-error.js';
import { OUTGOING_MAIL, type OutgoingMail } from './outgoing-mail.js';

/** `sent`: a mail server has taken the mail over. `kept`: nobody sends it; it can be read on the outbox page. */
export type MailOutcome = 'sent' | 'kept';

/** Where mail goes to leave Perch. */
export abstract class MailSender {
  /** Whether mails leave Perch at all. */
  abstract readonly delivers: boolean;

  /** Looks whether mail can be handed over, without sending any. Throws a MailError. */
  abstract verify(): Promise<void>;

  /**
   * Sends one mail. Throws MailError: INVALID_MAIL and MAIL_REFUSED are final, the others are worth another attempt.
   * An abort ends the attempt; the server may have taken the mail in that moment.
   */
  async send(mail: OutgoingMail, signal: AbortSignal): Promise<MailOutcome> {
    const checked = OUTGOING_MAIL.safeParse(mail);
    if (!checked.success) {
      const issue = checked.error.issues[0]!;
      throw new MailError('INVALID_MAIL', `The mail cannot be sent: "${issue.path.join('.')}" ${issue.message}.`);
    }
    return this.deliver(checked.data, signal);
  }

  protected abstract deliver(mail: OutgoingMail, signal: AbortSignal): Promise<MailOutcome>;
}

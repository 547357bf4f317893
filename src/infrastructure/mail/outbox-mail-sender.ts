import { MailSender, type MailOutcome } from './mail-sender.js';

/** Sends nothing: without a mail server, mails stay in the outbox, where they can be read. */
export class OutboxMailSender extends MailSender {
  readonly delivers = false;

  verify(): Promise<void> {
    return Promise.resolve();
  }

  protected deliver(): Promise<MailOutcome> {
    return Promise.resolve('kept');
  }
}

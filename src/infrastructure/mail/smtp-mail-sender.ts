import type { SendMailOptions, Transporter } from 'nodemailer';
import type { MailAddress } from '../../common/mail-address.js';
import { MailSender, type MailOutcome } from './mail-sender.js';
import type { OutgoingMail } from './outgoing-mail.js';
import { smtpError } from './smtp-error.js';

/** Milliseconds. The whole is shorter than an attempt of the job, so that a slow server is noted as what it is. */
const LIMITS = { connect: 10_000, silence: 20_000, whole: 40_000 } as const;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A password never travels in the clear: a server that is asked to check one must offer TLS, except on this machine. */
function needsEncryption(url: string): boolean {
  const { username, hostname } = new URL(url);
  return username !== '' && !LOOPBACK.test(hostname);
}

function unsubscribeHeaders(url: string | null): Record<string, string> {
  if (url === null) return {};
  const header = { 'List-Unsubscribe': `<${url}>` };
  return url.startsWith('https:') ? { ...header, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : header;
}

/** Hands mails to the server of SMTP_URL, one connection each: a connection kept open would not survive a function's sleep. */
export class SmtpMailSender extends MailSender {
  readonly delivers = true;
  private transporter: Promise<Transporter> | null = null;

  constructor(
    private readonly url: string,
    private readonly from: MailAddress,
  ) {
    super();
  }

  /** Signs in at the server without sending anything. Throws a MailError. */
  async verify(): Promise<void> {
    this.transporter ??= this.connect();
    await (await this.transporter).verify().catch((error: unknown) => {
      throw smtpError(error);
    });
  }

  protected async deliver(mail: OutgoingMail, signal: AbortSignal): Promise<MailOutcome> {
    this.transporter ??= this.connect();
    const transporter = await this.transporter;
    try {
      await transporter.sendMail({ ...this.message(mail), signal: AbortSignal.any([signal, AbortSignal.timeout(LIMITS.whole)]) });
    } catch (error) {
      throw smtpError(error);
    }
    return 'sent';
  }

  /** The client is loaded by the first mail, never by a cold start. */
  private async connect(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      url: this.url, requireTLS: needsEncryption(this.url), disableFileAccess: true, disableUrlAccess: true,
      connectionTimeout: LIMITS.connect, greetingTimeout: LIMITS.connect, socketTimeout: LIMITS.silence, dnsTimeout: LIMITS.connect,
    });
  }

  private message(mail: OutgoingMail): SendMailOptions {
    const mailbox = ({ address, name }: MailAddress): { address: string; name: string } => ({ address, name: name ?? '' });
    return {
      from: mailbox(this.from), to: mailbox(mail.to), subject: mail.subject, text: mail.text, messageId: mail.messageId, date: mail.date,
      headers: unsubscribeHeaders(mail.unsubscribeUrl),
      ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
      ...(mail.html === null ? {} : { html: mail.html }),
    };
  }
}

import { messageOf } from '../../common/errors.js';
import { MailError, type MailErrorCode } from './mail-error.js';

interface SmtpFailure {
  readonly code?: string;
  /** The command that the server answered, for example `RCPT TO`. */
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

const TEXT_LIMIT = 300;
/** Commands whose refusal is about this recipient or this mail; what comes before them is about the account of the server. */
const ABOUT_THE_MAIL = ['RCPT TO', 'DATA'];

const sentence = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, TEXT_LIMIT);

function codeOf({ code, command, responseCode }: SmtpFailure): MailErrorCode {
  if (responseCode === undefined) {
    if (code === 'EENVELOPE') return 'INVALID_MAIL';
    return code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS' || code === 'ECONFIG' ? 'MAIL_SERVER_SETUP' : 'MAIL_SERVER_UNREACHABLE';
  }
  if (responseCode < 500) return 'MAIL_DEFERRED';
  return command !== undefined && ABOUT_THE_MAIL.includes(command) ? 'MAIL_REFUSED' : 'MAIL_SERVER_SETUP';
}

const WORDS: Readonly<Record<MailErrorCode, string>> = {
  INVALID_MAIL: 'The mail cannot be sent',
  MAIL_REFUSED: 'The mail server refused the mail for good',
  MAIL_DEFERRED: 'The mail server asks to try again later',
  MAIL_SERVER_UNREACHABLE: 'The mail server cannot be reached or broke off',
  MAIL_SERVER_SETUP: 'The mail server does not accept SMTP_URL or MAIL_FROM',
};

/** What a failed delivery means: whether the recipient is wrong, the server is busy or gone, or its account is set up wrongly. */
export function smtpError(error: unknown): MailError {
  const failure = (error ?? {}) as SmtpFailure;
  const code = codeOf(failure);
  return new MailError(code, `${WORDS[code]}: ${sentence(failure.response ?? messageOf(error))}`);
}

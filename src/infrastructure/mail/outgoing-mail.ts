import { z } from 'zod';
import { isOneLine } from '../../common/mail-address.js';
import { trimmedText } from '../../common/validation.js';

const line = (limit: number) => trimmedText(limit).refine(isOneLine, 'must be one line without control characters');
const address = z.string().trim().max(254, 'may have at most 254 characters').pipe(z.email('is not an e-mail address'));

/** What a mail says and to whom. Whatever ends up in a header is one line. */
export const MAIL_CONTENT = z.object({
  to: z.object({ address, name: line(200).nullable().default(null) }),
  replyTo: address.nullable().default(null),
  subject: line(200).min(1, 'must not be empty'),
  text: trimmedText(100_000).min(1, 'must not be empty'),
  html: trimmedText(300_000).nullable().default(null),
  /** Page on which the recipient can say that no more of these mails are wanted. */
  unsubscribeUrl: z.url({ protocol: /^https?$/, error: 'must be a web address' }).max(2_000).refine((url) => /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(url), 'must be a web address').nullable().default(null),
});

/** A mail with what makes it recognisable when it is sent twice: the same Message-ID and date in every attempt. */
export const OUTGOING_MAIL = MAIL_CONTENT.extend({
  messageId: z.string().max(300).regex(/^<[\w.-]+@[\w.-]+>$/, 'is not a Message-ID'),
  date: z.date(),
});

export type OutgoingMail = z.output<typeof OUTGOING_MAIL>;

import type { Page } from './operations.js';

export type MailState = 'queued' | 'sent' | 'kept' | 'failed';

export interface MailLine {
  readonly id: string;
  readonly toAddress: string;
  readonly toName: string | null;
  readonly subject: string;
  readonly state: MailState;
  readonly createdAt: string;
  readonly sentAt: string | null;
}

export interface MailDetail extends MailLine {
  readonly replyTo: string | null;
  readonly text: string;
  readonly attempts: number;
  readonly errorMessage: string | null;
}

export interface MailsData {
  readonly mailIsDelivered: boolean;
  readonly mailMessages: Page<MailLine>;
}

const LINE = 'id toAddress toName subject state createdAt sentAt';

export const MAILS = `query ($state: MailState, $after: String) { mailIsDelivered
  mailMessages(first: 50, after: $after, filter: { state: $state }) { nodes { ${LINE} } totalCount pageInfo { endCursor hasNextPage } } }`;
export const MAIL = `query ($id: ID!) { mailMessage(id: $id) { ${LINE} replyTo text attempts errorMessage } }`;

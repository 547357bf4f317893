import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import type { MailState } from './mail-message.entity.js';

export const MailStateEnum = { queued: 'queued', sent: 'sent', kept: 'kept', failed: 'failed' } as const;
registerEnumType(MailStateEnum, { name: 'MailState', description: '"sent": a mail server has taken it over. "kept": no mail server is set. "failed": given up.' });

@ObjectType('MailMessage')
export class MailMessageModel {
  @Field(() => ID) id: string;
  @Field(() => String, { description: 'The Message-ID header.' }) messageId: string;
  @Field(() => String) toAddress: string;
  @Field(() => String, { nullable: true }) toName: string | null;
  @Field(() => String, { nullable: true }) replyTo: string | null;
  @Field(() => String) subject: string;
  @Field(() => Boolean) confidential: boolean;
  @Field(() => String) kind: string;
  @Field(() => String, { nullable: true }) subjectType: string | null;
  @Field(() => ID, { nullable: true, description: 'The record that the mail is about.' }) subjectId: string | null;
  @Field(() => MailStateEnum) state: MailState;
  @Field(() => Int, { description: 'Attempts at sending it begun so far.' }) attempts: number;
  @Field(() => String, { nullable: true, description: 'Stable code of the last failure.' }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) sentAt: Date | null;
}

export const MailMessageConnection = connectionOf(MailMessageModel);

@InputType()
export class MailMessageFilter {
  @Field(() => MailStateEnum, { nullable: true }) state?: MailState;
  @Field(() => ID, { nullable: true, description: 'The record that the mail is about.' }) subjectId?: string;
  @Field(() => String, { nullable: true, description: 'Part of the subject, or of the recipient\'s name or address.' }) text?: string;
}

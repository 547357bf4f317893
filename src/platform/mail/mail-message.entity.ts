import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `kept`: no mail server is set, the mail can only be read in Perch. `failed`: given up, with the reason. */
export type MailState = 'queued' | 'sent' | 'kept' | 'failed';

/** A mail from Perch. Its Message-ID never changes, so that a mail which arrives twice can be recognised. */
@Entity('mail_message')
export class MailMessage {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') messageId: string;
  @Column('text') toAddress: string;
  @Column('text', { nullable: true }) toName: string | null;
  @Column('text', { nullable: true }) replyTo: string | null;
  @Column('text') subject: string;
  /** As it was written; says only that it is hidden where the mail is confidential. */
  @Column('text') text: string;
  @Column('text', { nullable: true }) sealedText: string | null;
  @Column('text', { nullable: true }) html: string | null;
  @Column('text', { nullable: true }) unsubscribeUrl: string | null;
  @Column('text') kind: string;
  /** The record that the mail is about. */
  @Column('text', { nullable: true }) subjectType: string | null;
  @Column('uuid', { nullable: true }) subjectId: string | null;
  @Column('text', { nullable: true }) dedupeKey: string | null;
  /** Holds something that only its addressee may use, like a link that decides for them. */
  @Column('boolean') confidential: boolean;
  @Column('text') state: MailState;
  @Column('int') attempts: number;
  @Column('text', { nullable: true }) errorCode: string | null;
  @Column('text', { nullable: true }) errorMessage: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) sentAt: Date | null;
}

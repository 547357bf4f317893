import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `finished`: all mails were sent and nobody answered. */
export type OutreachStatus = 'active' | 'replied' | 'stopped' | 'finished';

/** One mail of an outreach, with its merge fields filled in. */
export interface OutreachMessage {
  readonly text: string;
  /** Days after the mail before; 0 for the first. */
  readonly afterDays: number;
}

/** A mail to a candidate that is followed by reminders until there is an answer. */
@Entity('outreach')
export class Outreach {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') applicationId: string;
  @Column('uuid') candidateId: string;
  @Column('text') subject: string;
  @Column('jsonb') messages: OutreachMessage[];
  /** Whether Saturdays and Sundays do not count. */
  @Column('boolean') businessDays: boolean;
  @Column('text') status: OutreachStatus;
  @Column('text', { nullable: true }) stopReason: string | null;
  /** How many of the mails were sent. */
  @Column('int') sent: number;
  @Column('uuid', { nullable: true }) runId: string | null;
  @Column('uuid') startedBy: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}

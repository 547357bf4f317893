import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ActorType } from '../../common/request-context.js';
import type { JsonObject } from '../../common/json.js';

export type BackgroundJobState = 'queued' | 'running' | 'done' | 'dead' | 'cancelled';

/** A unit of background work. The row is the truth; a message of the transport only says that it may be due. */
@Entity('background_job')
export class BackgroundJob {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') type: string;
  @Column('jsonb') payload: JsonObject;
  @Column('text') state: BackgroundJobState;
  @Column('text', { nullable: true }) subjectType: string | null;
  @Column('uuid', { nullable: true }) subjectId: string | null;
  @Column('text', { nullable: true }) dedupeKey: string | null;
  @Column('timestamptz') runAt: Date;
  /** Attempts begun so far; the number of the running attempt is its fencing token. */
  @Column('int') attempts: number;
  @Column('int') maxAttempts: number;
  @Column('timestamptz', { nullable: true }) leaseUntil: Date | null;
  /** Counts messages sent for this job, so that each can be told from the last. */
  @Column('int') wake: number;
  @Column('timestamptz', { nullable: true }) publishedAt: Date | null;
  @Column('text', { nullable: true }) messageId: string | null;
  @Column('smallint') progressPercent: number;
  @Column('text', { nullable: true }) progressMessage: string | null;
  @Column('jsonb', { nullable: true }) result: JsonObject | null;
  @Column('text', { nullable: true }) errorCode: string | null;
  @Column('text', { nullable: true }) errorMessage: string | null;
  @Column('text') actorType: ActorType;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}

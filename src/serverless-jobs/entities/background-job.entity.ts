import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ActorType } from '../../common/request-context.js';
import type { JsonObject } from '../../common/json.js';

/** `waiting` is a workflow that sleeps or waits for an event; `dead` failed for good; `discarded` is a dead one that somebody put away. */
export type BackgroundJobState = 'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'dead' | 'cancelled' | 'discarded';

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
  @Column('text') kind: 'job' | 'workflow';
  @Column('int') definitionVersion: number;
  /** 1 is the most urgent. */
  @Column('smallint') priority: number;
  /** Attempts begun since the last progress; beyond `maxAttempts` the job is dead. */
  @Column('int') attempts: number;
  /** Grows with each claim and never falls: the fencing token of the attempt that holds the job. */
  @Column('int') fence: number;
  @Column('int') maxAttempts: number;
  @Column('timestamptz', { nullable: true }) leaseUntil: Date | null;
  /** Counts messages sent for this job, so that each can be told from the last. */
  @Column('int') wake: number;
  @Column('timestamptz', { nullable: true }) publishedAt: Date | null;
  @Column('text', { nullable: true }) messageId: string | null;
  @Column('timestamptz', { nullable: true }) claimedAt: Date | null;
  @Column('text', { nullable: true }) concurrencyKey: string | null;
  @Column('text', { nullable: true }) rateKey: string | null;
  /** Held back by a concurrency limit until another job of the key ends. */
  @Column('boolean') parked: boolean;
  /** Where chunked work goes on. */
  @Column('jsonb', { nullable: true }) cursor: JsonObject | null;
  @Column('jsonb', { nullable: true }) counters: JsonObject | null;
  @Column('uuid', { nullable: true }) parentId: string | null;
  @Column('text', { nullable: true }) parentStep: string | null;
  /** W3C trace context of the request that enqueued it. */
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('text', { nullable: true }) discardReason: string | null;
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

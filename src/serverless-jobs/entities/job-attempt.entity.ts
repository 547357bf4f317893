import { Column, Entity, PrimaryColumn } from 'typeorm';

export type JobAttemptOutcome = 'running' | 'done' | 'retry' | 'dead' | 'lost' | 'cancelled' | 'yielded' | 'suspended';

/** One try at a background job, written when it has ended, with its end and reason. `number` is the fence it held. */
@Entity('job_attempt')
export class JobAttempt {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') backgroundJobId: string;
  @Column('int') number: number;
  @Column('text') outcome: JobAttemptOutcome;
  @Column('text', { nullable: true }) errorCode: string | null;
  @Column('text', { nullable: true }) errorMessage: string | null;
  @Column('text', { nullable: true }) messageId: string | null;
  @Column('timestamptz') startedAt: Date;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}

import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

export type ApplicationStatus = 'active' | 'hired' | 'rejected' | 'withdrawn';

/** One candidate considered for one job opening; at most one is active at a time. */
@Entity('application')
export class Application {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') candidateId: string;
  @Column('uuid') jobOpeningId: string;
  @Column('uuid') pipelineStageId: string;
  @Column('uuid', { nullable: true }) resumeDocumentId: string | null;
  @Column('text') status: ApplicationStatus;
  @Column('text') source: string;
  /** Hash of what was sent, so that the same submission is recognised. */
  @Column('bytea', { nullable: true, select: false }) submissionHash: Buffer | null;
  @Column('text', { nullable: true }) rejectReason: string | null;
  @Column('timestamptz') appliedAt: Date;
  @Column('timestamptz') stageSince: Date;
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
  /** 0 to 100; null until the resume has been analysed. */
  @Column('numeric', { nullable: true, transformer: { to: (value: unknown) => value, from: (value: string | null) => (value === null ? null : Number(value)) } })
  score: number | null;
  @Column('uuid', { nullable: true }) scoreRunId: string | null;
  @Column('uuid', { nullable: true }) analysisJobId: string | null;
  @VersionColumn() version: number;
  @Column('timestamptz') updatedAt: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The ranking of all candidates for one job opening: how it last ended, and the job that renews it. */
@Entity('candidate_ranking')
export class CandidateRanking {
  @PrimaryColumn('uuid') jobOpeningId: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid', { nullable: true }) backgroundJobId: string | null;
  /** What the job asked for when the last ranking was complete; null while none was. */
  @Column('uuid', { nullable: true }) rubricId: string | null;
  @Column('text', { nullable: true }) scorerVersion: string | null;
  @Column('int') candidates: number;
  /** Candidates with a resume whose text is not kept: it was never read, or before texts were kept. */
  @Column('int') withoutText: number;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}

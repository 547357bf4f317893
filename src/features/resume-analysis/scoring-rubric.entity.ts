import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JobRequirements } from './scoring/score.js';

/** What a job opening asked for when somebody was scored against it. Never changed: another wish is another version. */
@Entity('scoring_rubric')
export class ScoringRubric {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') jobOpeningId: string;
  /** From 1; the same requirements again are the same version again. */
  @Column('int') version: number;
  /** SHA-256 of the requirements as canonical JSON. */
  @Column('bytea') hash: Buffer;
  @Column('jsonb') requirements: JobRequirements;
  @Column('timestamptz') createdAt: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScoreFlag, ScorePart } from '../resume-analysis/scoring/score.js';

/** How well a candidate's newest resume fits a job opening, and why; replaced when what went in has changed. */
@Entity('candidate_match')
export class CandidateMatch {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') jobOpeningId: string;
  @Column('uuid') candidateId: string;
  @Column('uuid') documentId: string;
  /** What the job asked for. */
  @Column('uuid') rubricId: string;
  @Column('text') scorerVersion: string;
  /** Hash of all that went in. */
  @Column('bytea', { select: false }) inputHash: Buffer;
  @Column('numeric', { transformer: { to: (value: unknown) => value, from: Number } }) score: number;
  @Column('jsonb') parts: ScorePart[];
  @Column('jsonb') flags: ScoreFlag[];
  @Column('timestamptz') createdAt: Date;
}

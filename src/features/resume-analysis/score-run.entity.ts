import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScoreFlag, ScorePart } from './scoring/score.js';

/** One scoring of one application, with what went in and why it came out so. */
@Entity('score_run')
export class ScoreRun {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') applicationId: string;
  @Column('uuid') documentId: string;
  /** What the job asked for; null for scores that are older than rubrics. */
  @Column('uuid', { nullable: true }) rubricId: string | null;
  @Column('text') scorerVersion: string;
  /** Hash of all that went in, so that equal inputs can be recognised. */
  @Column('bytea') inputHash: Buffer;
  @Column('numeric', { transformer: { to: (value: unknown) => value, from: Number } }) score: number;
  @Column('jsonb') parts: ScorePart[];
  @Column('jsonb') flags: ScoreFlag[];
  @Column('timestamptz') createdAt: Date;
}

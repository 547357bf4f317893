import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScorePart } from './scoring/score-resume.js';

/** One scoring of one application, with what went in and why it came out so. */
@Entity('score_run')
export class ScoreRun {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') applicationId: string;
  @Column('uuid') documentId: string;
  @Column('text') scorerVersion: string;
  /** Hash of the requirements and the record, so that equal inputs can be recognised. */
  @Column('bytea') inputHash: Buffer;
  @Column('numeric', { transformer: { to: (value: unknown) => value, from: Number } }) score: number;
  @Column('jsonb') parts: ScorePart[];
  @Column('timestamptz') createdAt: Date;
}

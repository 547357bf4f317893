import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ResumeRecord } from '../resume-analysis/parser/json-resume.js';
import type { JobText } from './sections/job-analysis.js';
import type { KeptClaim, RefusedClaim } from './facts/check-sections.js';
import type { SourceQuote } from './facts/source-facts.js';

/** What went in, as it was when the run read it. */
export interface VariantSource {
  readonly record: ResumeRecord;
  readonly lines: readonly string[];
  readonly job: JobText;
}

/** What the checks of the facts found. */
export interface VariantFindings {
  readonly kept: readonly KeptClaim[];
  readonly refused: readonly RefusedClaim[];
  /** Lines that instruct a program instead of telling about a person; nothing was taken from them. */
  readonly instructions: readonly SourceQuote[];
  /** Fields that the written document, read again, shows otherwise; empty where it reads the same. */
  readonly misread: readonly string[];
}

/** A resume rewritten for one application: the result of a run of `optimizeResume`, whose state is the variant's until it is ready. */
@Entity('resume_variant')
export class ResumeVariant {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') applicationId: string;
  @Column('uuid') candidateId: string;
  @Column('uuid') jobOpeningId: string;
  @Column('uuid') sourceDocumentId: string;
  @Column('uuid', { nullable: true }) runId: string | null;
  @Column('uuid', { nullable: true }) requestedBy: string | null;
  @Column('jsonb', { nullable: true, select: false }) source: VariantSource | null;
  @Column('jsonb', { nullable: true, select: false }) record: ResumeRecord | null;
  @Column('jsonb', { nullable: true, select: false }) letter: string[] | null;
  @Column('jsonb', { nullable: true, select: false }) findings: VariantFindings | null;
  /** The written files, as documents of the candidate. */
  @Column('uuid', { array: true }) documentIds: string[];
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) readyAt: Date | null;
}

import { Column, DeleteDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

export type JobOpeningStatus = 'draft' | 'open' | 'on_hold' | 'closed' | 'archived';
/** The values of schema.org's employmentType that Perch knows. */
export type EmploymentType = 'FULL_TIME' | 'PART_TIME' | 'CONTRACTOR' | 'TEMPORARY' | 'INTERN';

/** A vacancy. The screens say "Job"; background work never does. */
@Entity('job_opening')
export class JobOpening {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') title: string;
  @Column('text') description: string;
  @Column('text', { nullable: true }) department: string | null;
  @Column('text', { nullable: true }) location: string | null;
  @Column('text') employmentType: EmploymentType;
  @Column('text') status: JobOpeningStatus;
  @Column('numeric', { nullable: true, transformer: { to: (value: unknown) => value, from: (value: string | null) => (value === null ? null : Number(value)) } })
  minimumYears: number | null;
  @Column('uuid') pipelineId: string;
  /** Null when we hire for ourselves. */
  @Column('uuid', { nullable: true }) companyId: string | null;
  @VersionColumn() version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
  @Column('timestamptz', { nullable: true }) openedAt: Date | null;
  @Column('timestamptz', { nullable: true }) closedAt: Date | null;
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EmploymentType } from './job-opening.entity.js';

/** The public page of a job opening: a copy of what was published, so that drafts stay private. */
@Entity('job_posting')
export class JobPosting {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') jobOpeningId: string;
  @Column('text') slug: string;
  @Column('text') title: string;
  @Column('text') description: string;
  @Column('text', { nullable: true }) location: string | null;
  @Column('text') employmentType: EmploymentType;
  @Column('timestamptz', { nullable: true }) publishedAt: Date | null;
  @Column('timestamptz', { nullable: true }) withdrawnAt: Date | null;
  @Column('timestamptz') createdAt: Date;
}

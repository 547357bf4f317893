import { Column, DeleteDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

export type CompanyStatus = 'prospect' | 'client' | 'former';

/** An organisation that hires through us, or that people work for. */
@Entity('company')
export class Company {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') name: string;
  /** Lower-case domain name; unique among the companies of a workspace. */
  @Column('text', { nullable: true }) domain: string | null;
  @Column('text', { nullable: true }) industry: string | null;
  @Column('text', { nullable: true }) location: string | null;
  @Column('text') status: CompanyStatus;
  @VersionColumn() version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
}

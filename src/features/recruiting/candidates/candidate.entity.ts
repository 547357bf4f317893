import { Column, DeleteDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

/** The role of a person who may be hired. Identity stands on the person. */
@Entity('candidate')
export class Candidate {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') personId: string;
  @Column('text', { nullable: true }) currentTitle: string | null;
  @Column('numeric', { nullable: true, transformer: { to: (value: unknown) => value, from: (value: string | null) => (value === null ? null : Number(value)) } })
  yearsExperience: number | null;
  @Column('text', { array: true }) skills: string[];
  @Column('text', { nullable: true }) salaryExpectation: string | null;
  @VersionColumn() version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
}

import { Column, DeleteDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

/** A human, once. Candidate and contact are roles of a person. */
@Entity('person')
export class Person {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') displayName: string;
  @Column('text', { nullable: true }) headline: string | null;
  @Column('text', { nullable: true }) location: string | null;
  @Column('text', { array: true }) links: string[];
  @Column('uuid', { nullable: true }) companyId: string | null;
  @Column('boolean') doNotContact: boolean;
  @VersionColumn() version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
}

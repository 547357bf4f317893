import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A recruiting team and everything that belongs to it. */
@Entity('workspace')
export class Workspace {
  @PrimaryColumn('uuid') id: string;
  @Column('text') slug: string;
  @Column('text') name: string;
  @Column('text') timeZone: string;
  /** Whether members without a second factor can do nothing but set one up. */
  @Column('boolean') secondFactorRequired: boolean;
  @Column('timestamptz') createdAt: Date;
}

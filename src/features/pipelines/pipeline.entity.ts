import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The ordered stages that applications of a job opening go through. */
@Entity('pipeline')
export class Pipeline {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') name: string;
  @Column('timestamptz') createdAt: Date;
}

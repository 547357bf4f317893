import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Necessity = 'must' | 'nice';

/** Something that a job opening asks for, and that a resume is scored against. */
@Entity('criterion')
export class Criterion {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') jobOpeningId: string;
  @Column('text') label: string;
  @Column('text') necessity: Necessity;
  @Column('int') position: number;
}

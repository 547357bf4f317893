import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('person_email')
export class PersonEmail {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') personId: string;
  /** As it was written. */
  @Column('text') address: string;
  /** Trimmed and lower-case; unique in a workspace, so that a person is found again. */
  @Column('text') normalised: string;
  @Column('boolean') isPrimary: boolean;
}

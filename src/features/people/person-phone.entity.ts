import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('person_phone')
export class PersonPhone {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') personId: string;
  @Column('text') number: string;
  /** Digits with a leading plus where it was written, which is E.164 for international numbers. */
  @Column('text') normalised: string;
  @Column('boolean') isPrimary: boolean;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedColumn } from '../../sealed-secrets/sealed-column.js';

export const SECRET_COLUMN = sealedColumn({ table: 'second_factor', column: 'sealed_secret', field: 'second_factor.secret', owner: 'user' });

/** Somebody's authenticator app. It counts once a code has confirmed it. */
@Entity('second_factor')
export class SecondFactor {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') userId: string;
  @Column('text', { select: false }) sealedSecret: string;
  /** The newest time step whose code was used; bigint arrives as text. */
  @Column('bigint') lastStep: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) confirmedAt: Date | null;
}

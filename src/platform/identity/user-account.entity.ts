import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who can sign in; what they may do is said by their membership of a workspace. */
@Entity('user_account')
export class UserAccount {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text') displayName: string;
  @Column('text', { nullable: true, select: false }) passwordHash: string | null;
  /** Since when codes of an authenticator app are asked for; null where they are not. */
  @Column('timestamptz', { nullable: true }) secondFactorSince: Date | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sign-in. The token itself is never stored, so that a copy of this table opens nothing. */
@Entity('session')
export class Session {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') userId: string;
  @Column('bytea', { select: false }) tokenHash: Buffer;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  /** To within a few minutes. */
  @Column('timestamptz') lastUsedAt: Date;
  @Column('text', { nullable: true }) device: string | null;
  @Column('text', { nullable: true }) address: string | null;
}

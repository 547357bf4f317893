import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../../common/permission.js';

/** A program's way in: a role narrowed to scopes, with an end. The secret is shown once and never stored. */
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') name: string;
  @Column('text') lastFour: string;
  @Column('bytea', { select: false }) tokenHash: Buffer;
  @Column('text') role: Role;
  @Column('text', { array: true }) scopes: string[];
  @Column('uuid') createdBy: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}

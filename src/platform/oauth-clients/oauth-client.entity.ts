import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A program that fetches short-lived tokens with its name and secret (RFC 6749). The secret is shown once and never stored. */
@Entity('oauth_client')
export class OAuthClient {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') name: string;
  @Column('bytea', { select: false }) secretHash: Buffer;
  @Column('text') lastFour: string;
  @Column('text', { array: true }) scopes: string[];
  @Column('uuid') createdBy: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}

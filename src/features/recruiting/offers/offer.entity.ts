import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

export type OfferStatus = 'draft' | 'pending_approval' | 'approved' | 'sent' | 'accepted' | 'declined' | 'expired' | 'withdrawn';

/** What a candidate is offered for one application; at most one is open at a time. */
@Entity('offer')
export class Offer {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') applicationId: string;
  @Column('text') status: OfferStatus;
  /** Number of the terms that hold now. */
  @Column('int') currentVersion: number;
  /** The approval that was asked for last. */
  @Column('uuid', { nullable: true }) approvalId: string | null;
  @VersionColumn() version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}

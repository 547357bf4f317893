import { Column, Entity, PrimaryColumn } from 'typeorm';

/** In `serial` one approver is asked after the other, in `parallel` all at once. */
export type ApprovalMode = 'serial' | 'parallel';
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'voided' | 'expired';

/** The question whether a record may go ahead on terms that cannot change while it is asked. */
@Entity('approval')
export class Approval {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') subjectType: string;
  @Column('uuid') subjectId: string;
  /** SHA-256 of the terms, in hex; a decision must carry the same. */
  @Column('text') termsHash: string;
  @Column('text') mode: ApprovalMode;
  /** How many of the approvers must say yes. */
  @Column('int') required: number;
  @Column('text') status: ApprovalStatus;
  @Column('timestamptz') dueAt: Date;
  @Column('uuid') requestedBy: string;
  @Column('text', { nullable: true }) voidReason: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `pending`: not asked yet. `skipped`: the approval ended without this answer. */
export type ApprovalStepState = 'pending' | 'active' | 'approved' | 'rejected' | 'skipped';

/** One approver's part of an approval. */
@Entity('approval_step')
export class ApprovalStep {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') approvalId: string;
  @Column('int') position: number;
  /** Who is asked; after a delegation the person it went to. */
  @Column('uuid') approverId: string;
  /** Who handed it on last. */
  @Column('uuid', { nullable: true }) delegatedFrom: string | null;
  @Column('text') state: ApprovalStepState;
  /** Whether owners and admins may answer in the approver's place. */
  @Column('boolean') escalated: boolean;
  @Column('timestamptz', { nullable: true }) askedAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody decided. Rows are added and never changed. */
@Entity('approval_decision')
export class ApprovalDecision {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') approvalId: string;
  @Column('uuid') approvalStepId: string;
  @Column('uuid') decidedBy: string;
  @Column('boolean') approved: boolean;
  @Column('text', { nullable: true }) comment: string | null;
  /** Hash of the terms that the decision was about. */
  @Column('text') termsHash: string;
  @Column('timestamptz') at: Date;
}

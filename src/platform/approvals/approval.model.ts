import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ApprovalStepState } from './approval-step.entity.js';
import type { ApprovalMode, ApprovalStatus } from './approval.entity.js';

export const ApprovalModeEnum = { serial: 'serial', parallel: 'parallel' } as const;
registerEnumType(ApprovalModeEnum, { name: 'ApprovalMode', description: 'One after the other, or all at once.' });
export const ApprovalStatusEnum = { pending: 'pending', approved: 'approved', rejected: 'rejected', voided: 'voided', expired: 'expired' } as const;
registerEnumType(ApprovalStatusEnum, { name: 'ApprovalStatus' });
export const ApprovalStepStateEnum = { pending: 'pending', active: 'active', approved: 'approved', rejected: 'rejected', skipped: 'skipped' } as const;
registerEnumType(ApprovalStepStateEnum, { name: 'ApprovalStepState' });

@ObjectType('ApprovalDecision')
export class ApprovalDecisionModel {
  @Field(() => ID) id: string;
  @Field(() => Boolean) approved: boolean;
  @Field(() => String, { nullable: true }) comment: string | null;
  @Field(() => GraphQLISODateTime) at: Date;
  decidedBy: string;
}

@ObjectType('ApprovalStep')
export class ApprovalStepModel {
  @Field(() => ID) id: string;
  @Field(() => Int) position: number;
  @Field(() => ApprovalStepStateEnum) state: ApprovalStepState;
  @Field(() => Boolean, { description: 'Whether owners and admins may answer in the place of the approver.' }) escalated: boolean;
  approverId: string;
  delegatedFrom: string | null;
}

@ObjectType('Approval')
export class ApprovalModel {
  @Field(() => ID) id: string;
  @Field(() => ApprovalStatusEnum) status: ApprovalStatus;
  @Field(() => ApprovalModeEnum) mode: ApprovalMode;
  @Field(() => Int, { description: 'How many of the approvers must say yes.' }) required: number;
  @Field(() => String, { description: 'What the terms are recognised by; a decision must carry it.' }) termsHash: string;
  @Field(() => String, { nullable: true }) voidReason: string | null;
  @Field(() => GraphQLISODateTime) dueAt: Date;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) decidedAt: Date | null;
  subjectType: string;
  subjectId: string;
  requestedBy: string;
}

import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { SignedIn } from '../access-control/authorize.js';
import { UserModel } from '../identity/identity.model.js';
import { UserAccount } from '../identity/user-account.entity.js';
import { ApprovalDecision } from './approval-decision.entity.js';
import { ApprovalPeople } from './approval-people.service.js';
import { ApprovalStep } from './approval-step.entity.js';
import { Approval } from './approval.entity.js';
import { ApprovalDecisionModel, ApprovalModel, ApprovalStepModel } from './approval.model.js';
import { ApprovalService } from './approval.service.js';

@Resolver(() => ApprovalModel)
export class ApprovalResolver {
  constructor(
    @Inject(ApprovalService) private readonly approvals: ApprovalService,
    @Inject(ApprovalPeople) private readonly people: ApprovalPeople,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => [ApprovalModel], { name: 'myApprovals', description: 'What waits for your answer, the most urgent first.' })
  @SignedIn(true)
  mine(@Caller() context: RequestContext): Promise<Approval[]> {
    return this.people.mine(context);
  }

  @Mutation(() => ApprovalModel, { description: 'Hands your turn to another member.' })
  @SignedIn(true)
  delegateApproval(
    @Caller() context: RequestContext,
    @Args('approvalId', { type: () => ID }) approvalId: string,
    @Args('toUserId', { type: () => ID }) toUserId: string,
  ): Promise<Approval> {
    return this.approvals.delegate(context, approvalId, toUserId);
  }

  @ResolveField(() => UserModel)
  requestedBy(@Caller() context: RequestContext, @Parent() approval: ApprovalModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, approval.requestedBy);
  }

  @ResolveField(() => [ApprovalStepModel], { description: 'In the order in which they are asked.' })
  async steps(@Caller() context: RequestContext, @Parent() approval: ApprovalModel): Promise<ApprovalStep[]> {
    const steps = await this.loader.manyBy(context, ApprovalStep, 'approvalId', approval.id);
    return steps.sort((a, b) => a.position - b.position);
  }
}

@Resolver(() => ApprovalStepModel)
export class ApprovalStepResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => UserModel, { description: 'Who is asked; after a delegation the person it went to.' })
  approver(@Caller() context: RequestContext, @Parent() step: ApprovalStepModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, step.approverId);
  }

  @ResolveField(() => UserModel, { nullable: true })
  delegatedFrom(@Caller() context: RequestContext, @Parent() step: ApprovalStepModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, step.delegatedFrom);
  }

  @ResolveField(() => ApprovalDecisionModel, { nullable: true })
  async decision(@Caller() context: RequestContext, @Parent() step: ApprovalStepModel): Promise<ApprovalDecision | null> {
    return (await this.loader.manyBy(context, ApprovalDecision, 'approvalStepId', step.id))[0] ?? null;
  }
}

@Resolver(() => ApprovalDecisionModel)
export class ApprovalDecisionResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => UserModel)
  user(@Caller() context: RequestContext, @Parent() decision: ApprovalDecisionModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, decision.decidedBy);
  }
}

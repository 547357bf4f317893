import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { RequirePermission } from '../../access-control/authorize.js';
import { SecondFactorPolicies, type SecondFactorPolicy } from './second-factor-policy.service.js';
import { SecondFactorPolicyModel } from './second-factor.model.js';
import { manageSignIn } from './second-factor.permissions.js';

@Resolver(() => SecondFactorPolicyModel)
export class SecondFactorResolver {
  constructor(@Inject(SecondFactorPolicies) private readonly policies: SecondFactorPolicies) {}

  @Query(() => SecondFactorPolicyModel, { name: 'secondFactorPolicy' })
  @RequirePermission(manageSignIn)
  find(@Caller() context: RequestContext): Promise<SecondFactorPolicy> {
    return this.policies.find(context);
  }

  @Mutation(() => SecondFactorPolicyModel, { description: 'Requires a second factor of all members, or no longer does.' })
  @RequirePermission(manageSignIn)
  requireSecondFactor(@Caller() context: RequestContext, @Args('required', { type: () => Boolean }) required: boolean): Promise<SecondFactorPolicy> {
    return this.policies.require(context, required);
  }
}

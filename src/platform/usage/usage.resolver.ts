import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { RequirePermission } from '../access-control/authorize.js';
import { UsageModel } from './usage.model.js';
import { readUsage } from './usage.permissions.js';
import { UsageService } from './usage.service.js';

@Resolver(() => UsageModel)
export class UsageResolver {
  constructor(@Inject(UsageService) private readonly service: UsageService) {}

  @Query(() => UsageModel, { name: 'usage', description: 'What the workspace uses in a month, and what that is thought to cost.' })
  @RequirePermission(readUsage)
  month(@Caller() context: RequestContext, @Args('month', { type: () => String, nullable: true, description: 'Like 2026-11; the current one unless told.' }) month: string | null): Promise<UsageModel> {
    return this.service.month(context, month ?? null);
  }
}

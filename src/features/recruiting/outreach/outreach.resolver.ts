import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { RequirePermission } from '../../../platform/access-control/authorize.js';
import { UserModel } from '../../../platform/identity/identity.model.js';
import { UserAccount } from '../../../platform/identity/user-account.entity.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { ApplicationModel } from '../applications/application.model.js';
import { Outreach } from './outreach.entity.js';
import { OutreachInput, OutreachModel } from './outreach.model.js';
import { readOutreach, writeOutreach } from './outreach.permissions.js';
import { OutreachService } from './outreach.service.js';

@Resolver(() => OutreachModel)
export class OutreachResolver {
  constructor(
    @Inject(OutreachService) private readonly outreach: OutreachService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Mutation(() => OutreachModel, { description: 'Mails the candidate, and reminds them until they answer.' })
  @RequirePermission(writeOutreach)
  startOutreach(@Caller() context: RequestContext, @Args('applicationId', { type: () => ID }) applicationId: string, @Args('input') input: OutreachInput): Promise<Outreach> {
    return this.outreach.start(context, applicationId, input);
  }

  @Mutation(() => OutreachModel)
  @RequirePermission(writeOutreach)
  stopOutreach(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Outreach> {
    return this.outreach.stop(context, id, 'by_hand');
  }

  @Mutation(() => Boolean, { description: 'Notes that the candidate has answered; outreach to them ends.' })
  @RequirePermission(writeOutreach)
  async recordCandidateReply(@Caller() context: RequestContext, @Args('candidateId', { type: () => ID }) candidateId: string): Promise<boolean> {
    await this.outreach.recordReply(context, candidateId);
    return true;
  }

  @ResolveField(() => UserModel)
  startedBy(@Caller() context: RequestContext, @Parent() outreach: OutreachModel): Promise<UserAccount | null> {
    return this.loader.byId(context, UserAccount, outreach.startedBy);
  }
}

@Resolver(() => ApplicationModel)
export class ApplicationOutreachResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => [OutreachModel], { description: 'The newest first; none without the right outreach.read.' })
  async outreach(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<Outreach[]> {
    if (!context.can(readOutreach)) return [];
    const outreach = await this.loader.manyBy(context, Outreach, 'applicationId', application.id);
    return outreach.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }
}

import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { Public } from '../../../platform/access-control/authorize.js';
import { CareersPageModel } from './careers-page.model.js';
import { CareersPageService } from './careers-page.service.js';

@Resolver()
export class CareersPageResolver {
  constructor(@Inject(CareersPageService) private readonly careers: CareersPageService) {}

  @Query(() => CareersPageModel, { nullable: true })
  @Public(true)
  careersPage(@Caller() context: RequestContext, @Args('workspace', { description: 'Slug of the workspace.' }) workspace: string): Promise<CareersPageModel | null> {
    return this.careers.page(workspace, context.requestId);
  }
}

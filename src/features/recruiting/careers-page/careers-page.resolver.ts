import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { Public } from '../../../platform/access-control/authorize.js';
import { CareersPageModel } from './careers-page.model.js';
import { CareersPageService } from './careers-page.service.js';

@Resolver()
export class CareersPageResolver {
  constructor(@Inject(CareersPageService) private readonly careers: CareersPageService) {}

  @Query(() => CareersPageModel, { nullable: true })
  @Public(true)
  careersPage(@Context() context: RequestContext, @Args('workspace', { description: 'Slug of the workspace.' }) workspace: string): Promise<CareersPageModel | null> {
    return this.careers.page(workspace, context.requestId);
  }
}

import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ApplicationModel } from '../recruiting/applications/application.model.js';
import { readDocuments } from '../recruiting/documents/documents.permissions.js';
import { ScoreRunModel } from './resume-analysis.model.js';
import { ScoreRun } from './score-run.entity.js';

@Resolver(() => ApplicationModel)
export class ApplicationScoreResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => ScoreRunModel, { nullable: true, description: 'The reasons quote the resume, so they need the right documents.read.' })
  async scoreRun(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<ScoreRun | null> {
    return context.can(readDocuments) ? this.loader.byId(context, ScoreRun, application.scoreRunId) : null;
  }
}

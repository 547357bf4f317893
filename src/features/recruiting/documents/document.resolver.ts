import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { CandidateModel } from '../candidates/candidate.model.js';
import { CandidateDocument } from './document.entity.js';
import { DocumentModel } from './document.model.js';
import { readDocuments } from './documents.permissions.js';

@Resolver(() => CandidateModel)
export class CandidateDocumentsResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => [DocumentModel], { nullable: true, description: 'The newest first; null without the right documents.read.' })
  async documents(@Caller() context: RequestContext, @Parent() candidate: CandidateModel): Promise<CandidateDocument[] | null> {
    if (!context.can(readDocuments)) return null;
    const documents = await this.loader.manyBy(context, CandidateDocument, 'candidateId', candidate.id);
    return documents.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }
}

import { Inject } from '@nestjs/common';
import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { Caller } from '../../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../../protocols/graphql/connection.js';
import { RequirePermission } from '../../../platform/access-control/authorize.js';
import { Person } from '../../people/person.entity.js';
import { PersonModel } from '../../people/person.model.js';
import { Candidate } from './candidate.entity.js';
import { CandidateConnection, CandidateFilter, CandidateModel, CandidateSortEnum, type CandidateSort } from './candidate.model.js';
import { CandidateService } from './candidate.service.js';
import { readCandidates, readSalary } from './candidates.permissions.js';

@Resolver(() => CandidateModel)
export class CandidateResolver {
  constructor(
    @Inject(CandidateService) private readonly candidates: CandidateService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => CandidateConnection, { name: 'candidates' })
  @RequirePermission(readCandidates)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: CandidateFilter,
    @Args('sort', { type: () => CandidateSortEnum, defaultValue: 'NEWEST' }) sort: CandidateSort = 'NEWEST',
  ): Promise<Connection<Candidate>> {
    return this.candidates.list(context, filter ?? {}, sort, page);
  }

  @Query(() => CandidateModel, { name: 'candidate', nullable: true })
  @RequirePermission(readCandidates)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Candidate | null> {
    return this.loader.byId(context, Candidate, id);
  }

  @ResolveField(() => PersonModel)
  person(@Caller() context: RequestContext, @Parent() candidate: CandidateModel): Promise<Person | null> {
    return this.loader.byId(context, Person, candidate.personId);
  }

  @ResolveField(() => String, { nullable: true, description: 'Null without the right candidates.salary.read.' })
  salaryExpectation(@Caller() context: RequestContext, @Parent() candidate: CandidateModel): string | null {
    return context.can(readSalary) ? candidate.salaryExpectation : null;
  }
}

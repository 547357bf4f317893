import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { RequirePermission } from '../../platform/access-control/authorize.js';
import { readCompanies, writeCompanies } from './companies.permissions.js';
import { Company } from './company.entity.js';
import { CompanyConnection, CompanyFilter, CompanyInput, CompanyModel, CompanySortEnum, type CompanySort } from './company.model.js';
import { CompanyService } from './company.service.js';

@Resolver(() => CompanyModel)
export class CompanyResolver {
  constructor(
    @Inject(CompanyService) private readonly companies: CompanyService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => CompanyConnection, { name: 'companies' })
  @RequirePermission(readCompanies)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: CompanyFilter,
    @Args('sort', { type: () => CompanySortEnum, defaultValue: 'NAME' }) sort: CompanySort = 'NAME',
  ): Promise<Connection<Company>> {
    return this.companies.list(context, filter ?? {}, sort, page);
  }

  @Query(() => CompanyModel, { name: 'company', nullable: true })
  @RequirePermission(readCompanies)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Company | null> {
    return this.loader.byId(context, Company, id);
  }

  @Mutation(() => CompanyModel)
  @RequirePermission(writeCompanies)
  createCompany(@Caller() context: RequestContext, @Args('input') input: CompanyInput): Promise<Company> {
    return this.companies.create(context, input);
  }

  @Mutation(() => CompanyModel)
  @RequirePermission(writeCompanies)
  updateCompany(
    @Caller() context: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
    @Args('input') input: CompanyInput,
  ): Promise<Company> {
    return this.companies.update(context, id, version, input);
  }
}

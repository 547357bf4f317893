import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import { RequirePermission } from '../../platform/access-control/authorize.js';
import { readCompanies } from '../companies/companies.permissions.js';
import { Company } from '../companies/company.entity.js';
import { CompanyModel } from '../companies/company.model.js';
import { readContactDetails, readPeople, writePeople } from './people.permissions.js';
import { PersonEmail } from './person-email.entity.js';
import { PersonPhone } from './person-phone.entity.js';
import { Person } from './person.entity.js';
import { PersonConnection, PersonEmailModel, PersonFilter, PersonInput, PersonModel, PersonPhoneModel, PersonSortEnum, type PersonSort } from './person.model.js';
import { PersonService } from './person.service.js';

@Resolver(() => PersonModel)
export class PersonResolver {
  constructor(
    @Inject(PersonService) private readonly people: PersonService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Query(() => PersonConnection, { name: 'people' })
  @RequirePermission(readPeople)
  list(
    @Caller() context: RequestContext,
    @Args() page: ConnectionArguments,
    @Args('filter', { nullable: true }) filter?: PersonFilter,
    @Args('sort', { type: () => PersonSortEnum, defaultValue: 'NAME' }) sort: PersonSort = 'NAME',
  ): Promise<Connection<Person>> {
    return this.people.list(context, filter ?? {}, sort, page);
  }

  @Query(() => PersonModel, { name: 'person', nullable: true })
  @RequirePermission(readPeople)
  find(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<Person | null> {
    return this.loader.byId(context, Person, id);
  }

  @Mutation(() => PersonModel)
  @RequirePermission(writePeople)
  createPerson(@Caller() context: RequestContext, @Args('input') input: PersonInput): Promise<Person> {
    return this.people.create(context, input);
  }

  @ResolveField(() => [PersonEmailModel], { nullable: true, description: 'Null without the right people.contact.read.' })
  async emails(@Caller() context: RequestContext, @Parent() person: PersonModel): Promise<PersonEmail[] | null> {
    return context.can(readContactDetails) ? this.loader.manyBy(context, PersonEmail, 'personId', person.id) : null;
  }

  @ResolveField(() => [PersonPhoneModel], { nullable: true, description: 'Null without the right people.contact.read.' })
  async phones(@Caller() context: RequestContext, @Parent() person: PersonModel): Promise<PersonPhone[] | null> {
    return context.can(readContactDetails) ? this.loader.manyBy(context, PersonPhone, 'personId', person.id) : null;
  }

  @ResolveField(() => CompanyModel, { nullable: true })
  async company(@Caller() context: RequestContext, @Parent() person: PersonModel): Promise<Company | null> {
    return context.can(readCompanies) ? this.loader.byId(context, Company, person.companyId) : null;
  }
}

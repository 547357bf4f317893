import { Inject } from '@nestjs/common';
import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { SignedIn } from '../access-control/authorize.js';
import { HealthService } from './health.service.js';

@ObjectType('SystemState', { description: 'What holds for all of Perch at the moment.' })
export class SystemStateModel {
  @Field(() => Boolean, { description: 'Whether nothing can be changed at the moment, because the database is being looked after.' }) readOnly: boolean;
}

@Resolver(() => SystemStateModel)
export class SystemStateResolver {
  constructor(@Inject(HealthService) private readonly health: HealthService) {}

  @Query(() => SystemStateModel)
  @SignedIn(true)
  async systemState(@Caller() context: RequestContext): Promise<SystemStateModel> {
    return { readOnly: await this.health.isReadOnly(context) };
  }
}

import { Field, GraphQLISODateTime, ObjectType } from '@nestjs/graphql';

@ObjectType('JobSchedule')
export class JobScheduleModel {
  @Field(() => String, { description: 'The background job that it begins.' }) name: string;
  @Field(() => String, { description: 'Five fields, as cron has them.' }) cron: string;
  @Field(() => String, { description: 'IANA name.' }) timeZone: string;
  @Field(() => String, { description: 'What happens to times that were missed: skip, last or all.' }) catchUp: string;
  @Field(() => Boolean) paused: boolean;
  @Field(() => GraphQLISODateTime, { nullable: true }) lastSlot: Date | null;
  @Field(() => [GraphQLISODateTime], { description: 'The next five times; none while it is paused.' }) nextSlots: readonly Date[];
}

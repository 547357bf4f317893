import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('SecondFactorPolicy')
export class SecondFactorPolicyModel {
  @Field(() => Boolean, { description: 'Whether members without a second factor can do nothing but set one up.' }) required: boolean;
  @Field(() => Int) membersWithout: number;
}

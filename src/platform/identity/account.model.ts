import { Field, GraphQLISODateTime, ID, ObjectType } from '@nestjs/graphql';

@ObjectType('Session', { description: 'A sign-in of the caller.' })
export class SessionModel {
  @Field(() => ID) id: string;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { description: 'To within a few minutes.' }) lastUsedAt: Date;
  @Field(() => GraphQLISODateTime) expiresAt: Date;
  @Field(() => String, { nullable: true, description: 'Browser and system in a few words.' }) device: string | null;
  @Field(() => String, { nullable: true, description: 'The network of the address from which it was used last.' }) address: string | null;
  @Field(() => Boolean, { description: 'Whether it is that of this request.' }) current: boolean;
  @Field(() => Boolean, { description: 'Whether it belongs to another workspace of the caller.' }) elsewhere: boolean;
}

import { Field, GraphQLISODateTime, ID, InputType, ObjectType } from '@nestjs/graphql';

@ObjectType('OAuthClient')
export class OAuthClientModel {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String, { description: 'Of its secret.' }) lastFour: string;
  @Field(() => [String]) scopes: string[];
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it fetched its newest token.' }) lastUsedAt: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true }) revokedAt: Date | null;
  workspaceId: string;
}

@ObjectType()
export class CreatedOAuthClient {
  @Field(() => OAuthClientModel) client: OAuthClientModel;
  @Field(() => String, { description: 'It is shown this once and not stored.' }) secret: string;
}

@InputType()
export class CreateOAuthClientInput {
  @Field(() => String) name: string;
  @Field(() => [String], { description: 'Names of rights, for example applications.read.' }) scopes: string[];
}

import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Role } from '../../common/permission.js';

export const RoleEnum = { owner: 'owner', admin: 'admin', recruiter: 'recruiter', hiring_manager: 'hiring_manager', interviewer: 'interviewer' } as const;
registerEnumType(RoleEnum, { name: 'Role' });

@ObjectType('Workspace')
export class WorkspaceModel {
  @Field(() => ID) id: string;
  @Field(() => String) slug: string;
  @Field(() => String) name: string;
  @Field(() => String, { description: 'IANA name, for example Europe/Berlin.' }) timeZone: string;
}

@ObjectType('User')
export class UserModel {
  @Field(() => ID) id: string;
  @Field(() => String) email: string;
  @Field(() => String) displayName: string;
}

@ObjectType('Member')
export class MemberModel {
  @Field(() => ID) id: string;
  @Field(() => RoleEnum) role: Role;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  userId: string;
}

@ObjectType('Viewer', { description: 'The caller of this query.' })
export class ViewerModel {
  @Field(() => RoleEnum) role: Role;
  @Field(() => [String], { description: 'Names of the rights that the caller holds.' }) permissions: string[];
}

@ObjectType('ApiKey')
export class ApiKeyModel {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String) lastFour: string;
  @Field(() => RoleEnum) role: Role;
  @Field(() => [String]) scopes: string[];
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime) expiresAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) revokedAt: Date | null;
}

@ObjectType()
export class CreatedApiKey {
  @Field(() => ApiKeyModel) key: ApiKeyModel;
  @Field(() => String, { description: 'The secret. It is shown this once and not stored.' }) token: string;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String) name: string;
  @Field(() => [String], { description: 'Names of rights, for example applications.read.' }) scopes: string[];
  @Field(() => Int, { description: 'Days until the key ends, 1 to 366.' }) days: number;
}

import { Field, GraphQLISODateTime, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';

export const PersonSortEnum = { NAME: 'NAME', NEWEST: 'NEWEST' } as const;
export type PersonSort = keyof typeof PersonSortEnum;
registerEnumType(PersonSortEnum, { name: 'PersonSort' });

@ObjectType('PersonEmail')
export class PersonEmailModel {
  @Field(() => ID) id: string;
  @Field(() => String) address: string;
  @Field(() => Boolean) isPrimary: boolean;
}

@ObjectType('PersonPhone')
export class PersonPhoneModel {
  @Field(() => ID) id: string;
  @Field(() => String) number: string;
  @Field(() => Boolean) isPrimary: boolean;
}

@ObjectType('Person')
export class PersonModel {
  @Field(() => ID) id: string;
  @Field(() => String) displayName: string;
  @Field(() => String, { nullable: true }) headline: string | null;
  @Field(() => String, { nullable: true }) location: string | null;
  @Field(() => [String]) links: string[];
  @Field(() => Boolean) doNotContact: boolean;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  companyId: string | null;
}

export const PersonConnection = connectionOf(PersonModel);

@InputType()
export class PersonFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' }) text?: string;
  @Field(() => ID, { nullable: true }) companyId?: string;
}

@InputType()
export class PersonInput {
  @Field(() => String) displayName: string;
  @Field(() => String, { nullable: true }) email?: string;
  @Field(() => String, { nullable: true }) phone?: string;
  @Field(() => String, { nullable: true }) headline?: string;
  @Field(() => String, { nullable: true }) location?: string;
  @Field(() => ID, { nullable: true }) companyId?: string;
}

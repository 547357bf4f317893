import { Field, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '../../../common/json.js';
import { GraphQLJson } from '../../../protocols/graphql/json.scalar.js';
import type { DocumentKind } from './document.entity.js';

@ObjectType('Document')
export class DocumentModel {
  @Field(() => ID) id: string;
  @Field(() => String) kind: DocumentKind;
  @Field(() => String) fileName: string;
  @Field(() => String) mimeType: string;
  @Field(() => Int) byteSize: number;
  @Field(() => GraphQLJson, { nullable: true, description: 'JSON Resume (jsonresume.org) record; null until analysed.' }) parsed: JsonObject | null;
  @Field(() => [String], { nullable: true, description: 'Lines that nobody sees on the pages, such as white or tiny text. They count nowhere; null until analysed.' }) hiddenText: string[] | null;
  @Field(() => Int, { description: 'Pages that are pictures and whose text was recognised; it may hold misread letters.' }) recognizedPages: number;
  @Field(() => GraphQLISODateTime) createdAt: Date;
}

import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Refusal } from './facts/check-claim.js';
import type { VariantStatus } from './resume-variant.service.js';

@ObjectType('ModelCall', { description: 'One call of a language model.' })
export class ModelCallModel {
  @Field(() => ID) id: string;
  @Field(() => String, { description: 'The step of the run that it was for.' }) step: string;
  @Field(() => String) provider: string;
  @Field(() => String) model: string;
  @Field(() => Int) inputTokens: number;
  @Field(() => Int) cachedInputTokens: number;
  @Field(() => Int) outputTokens: number;
  @Field(() => Float, { nullable: true, description: 'US dollars; null where the price is not known.' }) costUsd: number | null;
  @Field(() => String, { description: 'open while it is being made or where its process has ended, done, or the code of the error that ended it.' }) outcome: string;
  @Field(() => GraphQLISODateTime) createdAt: Date;
}

@ObjectType('ResumeVariant', { description: 'A resume rewritten for one application. What it says is what the source says.' })
export class ResumeVariantModel {
  @Field(() => ID) id: string;
  @Field(() => ID) applicationId: string;
  @Field(() => ID) candidateId: string;
  @Field(() => ID, { nullable: true, description: 'The background job that writes it; its events tell the text as it comes.' }) runId: string | null;
  @Field(() => GraphQLISODateTime) createdAt: Date;
  @Field(() => GraphQLISODateTime, { nullable: true }) readyAt: Date | null;
}

@ObjectType('ResumeVariantState')
export class ResumeVariantStateModel {
  @Field(() => String, { description: 'running, paused, ready, failed or cancelled.' }) status: VariantStatus;
  @Field(() => Int, { description: '0 to 100.' }) percent: number;
  @Field(() => String, { nullable: true }) step: string | null;
  @Field(() => String, { nullable: true, description: 'Why it failed.' }) problem: string | null;
}

@ObjectType('SourceQuote', { description: 'A line of the source.' })
export class SourceQuoteModel {
  @Field(() => Int, { description: 'Number of the line, from 1.' }) line: number;
  @Field(() => String) text: string;
}

@ObjectType('KeptClaim', { description: 'A sentence of the result with the lines of the source that say it; none for one that claims nothing.' })
export class KeptClaimModel {
  @Field(() => String) section: string;
  @Field(() => String) text: string;
  @Field(() => [SourceQuoteModel]) quotes: SourceQuoteModel[];
}

@ObjectType('RefusedClaim', { description: 'A sentence that the source does not say.' })
export class RefusedClaimModel {
  @Field(() => String) section: string;
  @Field(() => String) text: string;
  @Field(() => String, { description: 'date, number, name, title, merit, skill, responsibility, word or unsupported.' }) reason: Refusal['kind'];
  @Field(() => String, { description: 'What the source does not hold.' }) what: string;
  @Field(() => String, { nullable: true, description: "The source's own words that took its place." }) instead: string | null;
}

@ObjectType('DiffPart')
export class DiffPartModel {
  @Field(() => String, { description: 'same, added or removed.' }) kind: string;
  @Field(() => String) text: string;
}

@ObjectType('LineDiff')
export class LineDiffModel {
  @Field(() => String, { description: 'same, added, removed or changed.' }) kind: string;
  @Field(() => [DiffPartModel]) parts: DiffPartModel[];
}

@ObjectType('SectionDiff')
export class SectionDiffModel {
  @Field(() => String) heading: string;
  @Field(() => Boolean) changed: boolean;
  @Field(() => [LineDiffModel]) lines: LineDiffModel[];
}

@ObjectType('ResumeVariantResult')
export class ResumeVariantResultModel {
  @Field(() => [SectionDiffModel]) diff: SectionDiffModel[];
  @Field(() => [String], { description: 'The paragraphs of the cover letter.' }) letter: string[];
  @Field(() => [KeptClaimModel]) kept: KeptClaimModel[];
  @Field(() => [RefusedClaimModel]) refused: RefusedClaimModel[];
  @Field(() => [SourceQuoteModel], { description: 'Lines of the source that instruct a program; nothing was taken from them.' }) instructions: SourceQuoteModel[];
  @Field(() => [String], { description: 'Fields that a machine reads otherwise in the written document; empty is good.' }) misread: string[];
}

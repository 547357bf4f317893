import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ScoreFlag, ScorePart } from './scoring/score.js';

@ObjectType({ description: 'A line of the resume.' })
export class ScoreEvidence {
  @Field(() => String) quote: string;
  @Field(() => Int, { description: 'Number of the line, from 1.' }) line: number;
}

@ObjectType('ScorePart')
export class ScorePartModel {
  @Field(() => String, { description: 'must, nice, title or experience.' }) kind: ScorePart['kind'];
  @Field(() => String) label: string;
  @Field(() => Float) points: number;
  @Field(() => Float) maximum: number;
  @Field(() => ScoreEvidence, { nullable: true }) evidence: ScoreEvidence | null;
}

@ObjectType('ScoreFlag', { description: 'A line that names what is asked for and did not count.' })
export class ScoreFlagModel {
  @Field(() => String, { description: 'hidden, copied (from the job), listed (as the job lists its criteria), repeated or negated.' }) kind: ScoreFlag['kind'];
  @Field(() => String) quote: string;
  @Field(() => Int, { description: 'Number of the line, from 1.' }) line: number;
}

@ObjectType('ScoreRun', { description: 'Why an application has its score. It is advice; people decide.' })
export class ScoreRunModel {
  @Field(() => ID) id: string;
  @Field(() => Float) score: number;
  @Field(() => String) scorerVersion: string;
  @Field(() => [ScorePartModel]) parts: ScorePartModel[];
  @Field(() => [ScoreFlagModel]) flags: ScoreFlagModel[];
  @Field(() => GraphQLISODateTime) createdAt: Date;
}

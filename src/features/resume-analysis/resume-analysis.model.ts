import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ScorePart } from './scoring/score-resume.js';

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

@ObjectType('ScoreRun', { description: 'Why an application has its score. It is advice; people decide.' })
export class ScoreRunModel {
  @Field(() => ID) id: string;
  @Field(() => Float) score: number;
  @Field(() => String) scorerVersion: string;
  @Field(() => [ScorePartModel]) parts: ScorePartModel[];
  @Field(() => GraphQLISODateTime) createdAt: Date;
}

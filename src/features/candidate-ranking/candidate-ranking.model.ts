import { Field, Float, GraphQLISODateTime, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { ScoreFlagModel, ScorePartModel } from '../resume-analysis/resume-analysis.model.js';

@ObjectType('CandidateMatch', { description: 'How well a candidate fits a job, and why. It is advice; people decide.' })
export class CandidateMatchModel {
  @Field(() => ID) id: string;
  @Field(() => Float, { description: '0 to 100.' }) score: number;
  @Field(() => String) scorerVersion: string;
  @Field(() => GraphQLISODateTime, { description: 'When it was scored.' }) createdAt: Date;
  jobOpeningId: string;
  candidateId: string;
  rubricId: string;
  parts: ScorePartModel[];
  flags: ScoreFlagModel[];
}

export const CandidateMatchConnection = connectionOf(CandidateMatchModel);

@ObjectType('RankingState')
export class RankingStateModel {
  @Field(() => Boolean) isRunning: boolean;
  @Field(() => Int, { description: '0 to 100.' }) progressPercent: number;
  @Field(() => String, { nullable: true }) progressMessage: string | null;
  @Field(() => String, { nullable: true, description: 'Why the last ranking failed for good.' }) errorMessage: string | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When the last ranking was complete.' }) rankedAt: Date | null;
  @Field(() => Int, { nullable: true, description: 'Which version of what the job asks for it went by.' }) rubricVersion: number | null;
  @Field(() => Int) candidateCount: number;
  @Field(() => Int, { description: 'Candidates with a resume that cannot be scored, because it has not been read.' }) withoutTextCount: number;
  @Field(() => Boolean, { description: 'The job asks for something else by now, or scores are made in another way.' }) isStale: boolean;
}

@ObjectType()
export class ComparedCandidateModel {
  @Field(() => Float, { nullable: true, description: 'Null where no resume of the candidate can be scored.' }) score: number | null;
  jobOpeningId: string;
  candidateId: string;
  flags: ScoreFlagModel[];
}

@ObjectType()
export class ComparedRowModel {
  @Field(() => String, { description: 'must, nice, title or experience.' }) kind: string;
  @Field(() => String) label: string;
  @Field(() => Float) maximum: number;
  @Field(() => [ScorePartModel], { nullable: 'items', description: 'In the order of the candidates; null for who cannot be scored.' }) cells: (ScorePartModel | null)[];
}

@ObjectType('CandidateComparison', { description: 'Candidates side by side, by what the job asks for now. It is advice; people decide.' })
export class CandidateComparisonModel {
  @Field(() => [ComparedCandidateModel]) candidates: ComparedCandidateModel[];
  @Field(() => [ComparedRowModel]) rows: ComparedRowModel[];
}


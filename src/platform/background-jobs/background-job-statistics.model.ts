import { Field, Float, GraphQLISODateTime, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { BUCKETS } from './background-job-statistics.service.js';

export const StatisticsBucketEnum = Object.fromEntries(BUCKETS.map((bucket) => [bucket, bucket]));
registerEnumType(StatisticsBucketEnum, { name: 'StatisticsBucket', description: 'By UTC.' });

@ObjectType({ isAbstract: true })
abstract class JobFiguresModel {
  @Field(() => Int, { description: 'Done or failed for good.' }) finished: number;
  @Field(() => Int, { description: 'Failed for good.' }) failed: number;
  @Field(() => Int, { description: 'Attempts beyond the first.' }) retried: number;
  @Field(() => Float, { description: 'Failed of finished, 0 to 1.' }) failureRate: number;
  @Field(() => Float, { nullable: true, description: 'Milliseconds from when it was due to its first start, median.' }) waitP50: number | null;
  @Field(() => Float, { nullable: true }) waitP95: number | null;
  @Field(() => Float, { nullable: true, description: 'Milliseconds from the first start to the end, median.' }) durationP50: number | null;
  @Field(() => Float, { nullable: true }) durationP95: number | null;
}

@ObjectType('BackgroundJobBucket')
export class BackgroundJobBucketModel extends JobFiguresModel {
  @Field(() => GraphQLISODateTime, { description: 'When the hour or day begins.' }) at: Date;
}

@ObjectType('BackgroundJobTypeStatistics')
export class BackgroundJobTypeStatisticsModel extends JobFiguresModel {
  @Field(() => String) type: string;
  @Field(() => [BackgroundJobBucketModel], { description: 'The oldest first; hours and days in which nothing ended are left out.' }) buckets: readonly BackgroundJobBucketModel[];
}

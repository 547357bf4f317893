import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import { METERS, type Meter } from '../../config/usage.js';

export const MeterEnum = Object.fromEntries(METERS.map((meter) => [meter, meter])) as { readonly [Name in Meter]: Name };
registerEnumType(MeterEnum, { name: 'UsageMeter', description: 'storage is in bytes and a level; the others add up over the month.' });

@ObjectType('UsageDay')
export class UsageDayModel {
  @Field(() => String, { description: 'Like 2026-11-28, in UTC.' }) day: string;
  @Field(() => Float) amount: number;
}

@ObjectType('MeterUsage')
export class MeterUsageModel {
  @Field(() => MeterEnum) meter: Meter;
  @Field(() => Float) amount: number;
  @Field(() => Float, { nullable: true, description: 'From here on administrators have been warned; nothing is refused.' }) limit: number | null;
  @Field(() => Float, { nullable: true, description: 'At the end of the month, at the pace so far.' }) forecast: number | null;
  @Field(() => Float, { description: 'US dollars, estimated.' }) cost: number;
  @Field(() => [UsageDayModel]) days: readonly UsageDayModel[];
}

@ObjectType('Usage')
export class UsageModel {
  @Field(() => String, { description: 'Like 2026-11, in UTC.' }) month: string;
  @Field(() => Boolean, { description: 'Whether the month is over.' }) complete: boolean;
  @Field(() => [MeterUsageModel]) meters: readonly MeterUsageModel[];
  @Field(() => Float, { description: 'US dollars, estimated.' }) cost: number;
  @Field(() => Float, { nullable: true }) forecastCost: number | null;
}

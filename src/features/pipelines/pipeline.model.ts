import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { StageCategory } from './pipeline-stage.entity.js';

export const StageCategoryEnum = { lead: 'lead', applied: 'applied', screen: 'screen', interview: 'interview', offer: 'offer', hired: 'hired', rejected: 'rejected' } as const;
registerEnumType(StageCategoryEnum, { name: 'StageCategory' });

@ObjectType('PipelineStage')
export class PipelineStageModel {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) position: number;
  @Field(() => StageCategoryEnum) category: StageCategory;
}

@ObjectType('Pipeline')
export class PipelineModel {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
}

@InputType()
export class PipelineStageInput {
  @Field(() => String) name: string;
  @Field(() => StageCategoryEnum) category: StageCategory;
}

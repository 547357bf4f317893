import { Field, ObjectType } from '@nestjs/graphql';
import { JobPostingModel } from '../job-openings/job-opening.model.js';

@ObjectType('CareersPage', { description: 'What visitors see without signing in.' })
export class CareersPageModel {
  @Field(() => String) workspaceName: string;
  @Field(() => [JobPostingModel], { description: 'Published jobs, the newest first.' }) postings: JobPostingModel[];
}

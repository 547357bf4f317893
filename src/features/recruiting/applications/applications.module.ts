import { Module } from '@nestjs/common';
import { PeopleModule } from '../../people/people.module.js';
import { PipelinesModule } from '../../pipelines/pipelines.module.js';
import { CandidatesModule } from '../candidates/candidates.module.js';
import { CareersPageModule } from '../careers-page/careers-page.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { ApplicationWebhookEvents } from './application.events.js';
import { ApplicationResolver, CandidateApplicationsResolver, StageEventResolver } from './application.resolver.js';
import { ApplicationService } from './application.service.js';
import { ApplicationStatusService } from './application-status.service.js';
import { ApplicationsController } from './applications.controller.js';
import { ApplicationsDoor } from './applications.door.js';
import { ResumeUploads } from './resume-upload.service.js';
import { SubmissionRecords } from './submission-records.js';
import { SubmissionService } from './submission.service.js';
import { ApplicationEntry } from './application-entry.service.js';
import { ApplicationsTools } from './applications.tools.js';

@Module({
  imports: [PeopleModule, PipelinesModule, CandidatesModule, DocumentsModule, CareersPageModule],
  providers: [
    ApplicationEntry, ApplicationsTools, ApplicationsController, ApplicationWebhookEvents,
    ApplicationService, ApplicationStatusService, SubmissionService, SubmissionRecords, ResumeUploads, ApplicationsDoor,
    ApplicationResolver, CandidateApplicationsResolver, StageEventResolver,
  ],
  exports: [ApplicationService],
})
export class ApplicationsModule {}

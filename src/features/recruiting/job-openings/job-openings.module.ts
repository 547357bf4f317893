import { Module } from '@nestjs/common';
import { JobOpeningsController } from './job-openings.controller.js';
import { JobOpeningWebhookEvents } from './job-opening.events.js';
import { JobOpeningResolver } from './job-opening.resolver.js';
import { JobOpeningService } from './job-opening.service.js';
import { JobOpeningsTools } from './job-openings.tools.js';

@Module({ providers: [JobOpeningsTools, JobOpeningsController, JobOpeningWebhookEvents, JobOpeningService, JobOpeningResolver], exports: [JobOpeningService] })
export class JobOpeningsModule {}

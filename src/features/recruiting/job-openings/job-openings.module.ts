import { Module } from '@nestjs/common';
import { JobOpeningResolver } from './job-opening.resolver.js';
import { JobOpeningService } from './job-opening.service.js';
import { JobOpeningsTools } from './job-openings.tools.js';

@Module({ providers: [JobOpeningsTools, JobOpeningService, JobOpeningResolver], exports: [JobOpeningService] })
export class JobOpeningsModule {}

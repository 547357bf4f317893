import { Module } from '@nestjs/common';
import { JobOpeningResolver } from './job-opening.resolver.js';
import { JobOpeningService } from './job-opening.service.js';

@Module({ providers: [JobOpeningService, JobOpeningResolver], exports: [JobOpeningService] })
export class JobOpeningsModule {}

import { Module } from '@nestjs/common';
import { CandidateResolver } from './candidate.resolver.js';
import { CandidateService } from './candidate.service.js';

@Module({ providers: [CandidateService, CandidateResolver], exports: [CandidateService] })
export class CandidatesModule {}

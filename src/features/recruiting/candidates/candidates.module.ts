import { Module } from '@nestjs/common';
import { CandidateResolver } from './candidate.resolver.js';
import { CandidateService } from './candidate.service.js';
import { CandidatesController } from './candidates.controller.js';
import { CandidatesTools } from './candidates.tools.js';

@Module({ providers: [CandidatesTools, CandidatesController, CandidateService, CandidateResolver], exports: [CandidateService] })
export class CandidatesModule {}

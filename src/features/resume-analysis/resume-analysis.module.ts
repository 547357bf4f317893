import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../recruiting/applications/applications.module.js';
import { CandidatesModule } from '../recruiting/candidates/candidates.module.js';
import { DocumentsModule } from '../recruiting/documents/documents.module.js';
import { AnalyzeOnSubmission } from './analyze-on-submission.js';
import { AnalyzeResume } from './analyze-resume.handler.js';
import { RecognizeResume } from './recognize-resume.handler.js';
import { ResumeAnalysisController } from './resume-analysis.controller.js';
import { ApplicationScoreResolver } from './resume-analysis.resolver.js';
import { ResumeAnalysisService } from './resume-analysis.service.js';
import { ResumeAnalysisTools } from './resume-analysis.tools.js';
import { ScannedResumes } from './scanned-resumes.service.js';
import { ScoringRubricService } from './scoring-rubric.service.js';

@Module({
  imports: [ApplicationsModule, CandidatesModule, DocumentsModule],
  providers: [AnalyzeResume, RecognizeResume, AnalyzeOnSubmission, ScannedResumes, ResumeAnalysisService, ApplicationScoreResolver, ResumeAnalysisController, ResumeAnalysisTools, ScoringRubricService],
  exports: [ScoringRubricService],
})
export class ResumeAnalysisModule {}

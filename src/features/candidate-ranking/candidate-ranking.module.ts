import { Module } from '@nestjs/common';
import { ResumeAnalysisModule } from '../resume-analysis/resume-analysis.module.js';
import { CandidateComparisonService } from './candidate-comparison.service.js';
import { CandidateMatchService } from './candidate-match.service.js';
import { CandidateMatchResolver, CandidateRankingResolver, ComparedCandidateResolver, JobOpeningRankingResolver } from './candidate-ranking.resolver.js';
import { CandidateRankingService } from './candidate-ranking.service.js';
import { MatchCandidate } from './match-candidate.handler.js';
import { RankCandidates } from './rank-candidates.handler.js';
import { MatchOnReading, RankOnChange } from './ranking-listeners.js';
import { RankingStateService } from './ranking-state.service.js';

@Module({
  imports: [ResumeAnalysisModule],
  providers: [
    CandidateMatchService, CandidateRankingService, CandidateComparisonService, RankingStateService, RankCandidates, MatchCandidate, RankOnChange, MatchOnReading,
    CandidateRankingResolver, JobOpeningRankingResolver, CandidateMatchResolver, ComparedCandidateResolver,
  ],
})
export class CandidateRankingModule {}

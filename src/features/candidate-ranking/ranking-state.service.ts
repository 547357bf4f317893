import { Inject, Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { BackgroundJob, type BackgroundJobState } from '../../serverless-jobs/entities/background-job.entity.js';
import { SCORER_VERSION } from '../resume-analysis/scoring/score-resume.js';
import { ScoringRubric } from '../resume-analysis/scoring-rubric.entity.js';
import { ScoringRubricService, type PresentRubric } from '../resume-analysis/scoring-rubric.service.js';
import { CandidateRanking } from './candidate-ranking.entity.js';

/** How the ranking of a job stands. */
export interface RankingState {
  readonly isRunning: boolean;
  readonly progressPercent: number;
  readonly progressMessage: string | null;
  /** Why the last attempt failed; null where it did not. */
  readonly errorMessage: string | null;
  readonly rankedAt: Date | null;
  readonly rubricVersion: number | null;
  readonly candidateCount: number;
  readonly withoutTextCount: number;
  /** The job asks for something else by now, or scores are made in another way. */
  readonly isStale: boolean;
}

const MOVING: readonly BackgroundJobState[] = ['queued', 'running', 'paused'];

/** Tells how rankings stand; for many jobs at once with a few statements. */
@Injectable()
export class RankingStateService {
  constructor(
    @Inject(EntityLoader) private readonly loader: EntityLoader,
    @Inject(ScoringRubricService) private readonly rubrics: ScoringRubricService,
  ) {}

  /** Null where the candidates were never ranked for the job. */
  async of(context: RequestContext, jobOpeningId: string): Promise<RankingState | null> {
    const [ranking] = await this.loader.manyBy(context, CandidateRanking, 'jobOpeningId', jobOpeningId);
    if (!ranking) return null;
    const [job, rubric, present] = await Promise.all([
      this.loader.byId(context, BackgroundJob, ranking.backgroundJobId), this.loader.byId(context, ScoringRubric, ranking.rubricId), this.present(context, jobOpeningId),
    ]);
    const isRunning = job !== null && MOVING.includes(job.state);
    return {
      isRunning, progressPercent: isRunning ? job.progressPercent : 100, progressMessage: isRunning ? job.progressMessage : null,
      errorMessage: job?.state === 'dead' ? (job.errorMessage ?? 'The ranking failed.') : null,
      rankedAt: ranking.finishedAt, rubricVersion: rubric?.version ?? null, candidateCount: ranking.candidates, withoutTextCount: ranking.withoutText,
      isStale: rubric !== null && (ranking.scorerVersion !== SCORER_VERSION || !present?.hash.equals(rubric.hash)),
    };
  }

  private present(context: RequestContext, jobOpeningId: string): Promise<PresentRubric | null> {
    return context.once('present rubrics', () => new DataLoader<string, PresentRubric | null>(async (ids) => {
      const found = await this.rubrics.present(context, ids);
      return ids.map((id) => found.get(id) ?? null);
    }, { cache: false })).load(jobOpeningId);
  }
}

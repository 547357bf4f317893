import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { prepareRubric } from '../resume-analysis/scoring/prepared-rubric.js';
import { ScoringRubricService } from '../resume-analysis/scoring-rubric.service.js';
import { CandidateMatchService } from './candidate-match.service.js';
import { matchCandidate } from './candidate-ranking.jobs.js';
import { CandidateRankingService } from './candidate-ranking.service.js';

/** Brings one candidate's place in the rankings of open jobs up to date, a job opening at a time. */
@Injectable()
@JobHandler(matchCandidate)
export class MatchCandidate implements JobWork<typeof matchCandidate> {
  constructor(
    @Inject(CandidateRankingService) private readonly rankings: CandidateRankingService,
    @Inject(ScoringRubricService) private readonly rubrics: ScoringRubricService,
    @Inject(CandidateMatchService) private readonly matches: CandidateMatchService,
  ) {}

  async handle(job: RunningJob, { candidateId }: z.output<typeof matchCandidate.payload>): Promise<JsonObject> {
    const openings = await this.rankings.rankedOpenings(job.context);
    const before = openings.filter((id) => id <= String(job.cursor?.['after'] ?? ''));
    let done = before.length;
    for (const jobOpeningId of openings.slice(done)) {
      await this.match(job, jobOpeningId, candidateId, { done: ++done, total: openings.length });
      job.yieldIfDue();
    }
    return { jobOpenings: done };
  }

  private async match(job: RunningJob, jobOpeningId: string, candidateId: string, progress: { readonly done: number; readonly total: number }): Promise<void> {
    const rubric = await this.rubrics.current(job.context, jobOpeningId);
    const changed = this.matches.changed(rubric, prepareRubric(rubric.requirements), await this.matches.some(job.context, jobOpeningId, [candidateId]));
    await job.advance({ cursor: { after: jobOpeningId }, ...progress }, (manager) => this.matches.write(job.context, manager, rubric, changed));
  }
}

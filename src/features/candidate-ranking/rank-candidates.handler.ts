import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { prepareRubric, type PreparedRubric } from '../resume-analysis/scoring/prepared-rubric.js';
import { SCORER_VERSION } from '../resume-analysis/scoring/score-resume.js';
import type { ScoringRubric } from '../resume-analysis/scoring-rubric.entity.js';
import { ScoringRubricService } from '../resume-analysis/scoring-rubric.service.js';
import { CandidateMatchService } from './candidate-match.service.js';
import { rankCandidates } from './candidate-ranking.jobs.js';

/** Candidates that are read, scored and written at a time: a few megabytes. */
const CHUNK = 250;

/** Where a ranking stands. The rubric is that of its beginning, whatever the job asks for meanwhile. */
interface Position extends JsonObject {
  readonly rubricId: string;
  readonly after: string | null;
  readonly done: number;
  readonly written: number;
  readonly total: number;
  readonly withoutText: number;
}

/** Goes through all candidates in the order of their ids; who is scored already by the same input is not written again. */
@Injectable()
@JobHandler(rankCandidates)
export class RankCandidates implements JobWork<typeof rankCandidates> {
  constructor(
    @Inject(ScoringRubricService) private readonly rubrics: ScoringRubricService,
    @Inject(CandidateMatchService) private readonly matches: CandidateMatchService,
  ) {}

  async handle(job: RunningJob, { jobOpeningId }: z.output<typeof rankCandidates.payload>): Promise<void> {
    const known = job.cursor as Position | null;
    const rubric = known ? await this.rubrics.get(job.context, known.rubricId) : await this.rubrics.current(job.context, jobOpeningId);
    const prepared = prepareRubric(rubric.requirements);
    let position = known ?? { rubricId: rubric.id, after: null, done: 0, written: 0, ...(await this.matches.counts(job.context)) };
    for (;;) {
      const next = await this.chunk(job, rubric, prepared, position);
      if (!next) break;
      position = next;
      job.yieldIfDue();
    }
    await this.finish(job, rubric, position);
  }

  /** Scores the next candidates; null where there are no more. */
  private async chunk(job: RunningJob, rubric: ScoringRubric, prepared: PreparedRubric, position: Position): Promise<Position | null> {
    const candidates = await this.matches.next(job.context, rubric.jobOpeningId, position.after, CHUNK);
    if (candidates.length === 0) return null;
    const changed = this.matches.changed(rubric, prepared, candidates);
    const done = position.done + candidates.length;
    const next: Position = { ...position, after: candidates.at(-1)!.candidateId, done, written: position.written + changed.length, total: Math.max(position.total, done) };
    await job.advance({ cursor: next, done, total: next.total, message: `${done} of ${next.total} candidates` }, (manager) => this.matches.write(job.context, manager, rubric, changed));
    return next;
  }

  private async finish(job: RunningJob, rubric: ScoringRubric, { done, written, withoutText }: Position): Promise<void> {
    await job.complete(async (manager) => {
      await this.matches.removeOthers(job.context, manager, rubric);
      await manager.query(
        `INSERT INTO candidate_ranking (job_opening_id, workspace_id, background_job_id, rubric_id, scorer_version, candidates, without_text, finished_at) VALUES ($2, $1, $7, $3, $4, $5, $6, now())
         ON CONFLICT (job_opening_id) DO UPDATE SET rubric_id = excluded.rubric_id, scorer_version = excluded.scorer_version, candidates = excluded.candidates,
           without_text = excluded.without_text, finished_at = excluded.finished_at`,
        [job.context.workspace, rubric.jobOpeningId, rubric.id, SCORER_VERSION, done, withoutText, job.id]);
      return { candidates: done, written, withoutText, rubricVersion: rubric.version };
    });
  }
}

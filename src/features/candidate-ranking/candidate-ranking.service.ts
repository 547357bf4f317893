import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { AuditLog } from '../../platform/audit-log/audit-log.service.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { Candidate } from '../recruiting/candidates/candidate.entity.js';
import { JobOpening } from '../recruiting/job-openings/job-opening.entity.js';
import { CandidateMatch } from './candidate-match.entity.js';
import { matchCandidate, rankCandidates } from './candidate-ranking.jobs.js';
import { CandidateRanking } from './candidate-ranking.entity.js';

const BEST_FIRST: SortOrder = { name: 'match', expression: 'match.score', type: 'numeric', descending: true };

/** Starts rankings of candidates for job openings and reads them. */
@Injectable()
export class CandidateRankingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  /** Has all candidates ranked for the job; asking again before it has begun is the same ranking. Throws NOT_FOUND. */
  async start(context: RequestContext, jobOpeningId: string): Promise<JobOpening> {
    return this.database.write(context, async (manager) => {
      const opening = isId(jobOpeningId) ? await manager.findOneBy(JobOpening, { id: jobOpeningId }) : null;
      if (!opening) throw notFound('The job');
      await this.enqueue(context, jobOpeningId);
      await this.auditLog.record(context, 'candidate_ranking.start', { type: 'job_opening', id: jobOpeningId });
      return opening;
    });
  }

  /** Has the ranking made again where there is one. */
  async renew(context: RequestContext, jobOpeningId: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      if (await manager.existsBy(CandidateRanking, { jobOpeningId })) await this.enqueue(context, jobOpeningId);
    });
  }

  /** Has the candidate scored for the open jobs that have a ranking. */
  async placeCandidate(context: RequestContext, candidateId: string): Promise<void> {
    await this.database.write(context, async () => {
      const openings = await this.rankedOpenings(context, 1);
      if (openings.length > 0) await this.jobs.enqueue(context, matchCandidate, { candidateId }, { subject: { type: 'candidate', id: candidateId } });
    });
  }

  /** The open jobs whose candidates have been ranked, in the order of their ids. */
  rankedOpenings(context: RequestContext, limit = 1_000): Promise<string[]> {
    return this.database.read(context, async (manager) => {
      const rows = await manager.query<{ id: string }[]>(
        `SELECT o.id FROM candidate_ranking r JOIN job_opening o ON o.workspace_id = r.workspace_id AND o.id = r.job_opening_id
         WHERE r.workspace_id = $1 AND o.status = 'open' AND o.deleted_at IS NULL ORDER BY o.id LIMIT $2`, [context.workspace, limit]);
      return rows.map(({ id }) => id);
    });
  }

  /** The candidates for the job, the best match first. */
  list(context: RequestContext, jobOpeningId: string, page: PageArguments): Promise<Connection<CandidateMatch>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<CandidateMatch> => manager.getRepository(CandidateMatch).createQueryBuilder('match')
        .innerJoin(Candidate, 'candidate', 'candidate.id = match.candidateId AND candidate.workspaceId = match.workspaceId AND candidate.deletedAt IS NULL')
        .where('match.workspace_id = :workspace AND match.job_opening_id = :jobOpeningId', { workspace: context.workspace, jobOpeningId });
      return toConnection(await listPage(query(), BEST_FIRST, page), () => this.database.read(context, () => query().getCount()));
    });
  }

  private async enqueue(context: RequestContext, jobOpeningId: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      const jobId = await this.jobs.enqueue(context, rankCandidates, { jobOpeningId }, { subject: { type: 'job_opening', id: jobOpeningId } });
      await manager.query(
        `INSERT INTO candidate_ranking (job_opening_id, workspace_id, background_job_id) VALUES ($2, $1, $3)
         ON CONFLICT (job_opening_id) DO UPDATE SET background_job_id = excluded.background_job_id`, [context.workspace, jobOpeningId, jobId]);
    });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import { canonicalJson } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { Criterion } from '../recruiting/job-openings/criterion.entity.js';
import { JobOpening } from '../recruiting/job-openings/job-opening.entity.js';
import type { JobRequirements } from './scoring/score.js';
import { ScoringRubric } from './scoring-rubric.entity.js';

const hashOf = (requirements: JobRequirements): Buffer => sha256(canonicalJson(requirements));

/** What a job asks for at this moment. */
export type PresentRubric = Pick<ScoringRubric, 'requirements' | 'hash'>;

/** Keeps what job openings ask for as it was, so that a score can always be explained. */
@Injectable()
export class ScoringRubricService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** What the job asks for now, kept as a version where it is new. Throws NOT_FOUND. */
  async current(context: RequestContext, jobOpeningId: string): Promise<ScoringRubric> {
    return this.database.write(context, async (manager) => {
      const requirements = (await this.requirements(manager, [jobOpeningId])).get(jobOpeningId);
      if (!requirements) throw notFound('The job');
      const hash = hashOf(requirements);
      const known = await manager.findOneBy(ScoringRubric, { jobOpeningId, hash });
      if (known) return known;
      // Two versions made at the same time must not get the same number.
      await manager.query('SELECT 1 FROM job_opening WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE', [context.workspace, jobOpeningId]);
      await manager.query(
        `INSERT INTO scoring_rubric (id, workspace_id, job_opening_id, version, hash, requirements)
         SELECT $3, $1, $2, coalesce(max(version), 0) + 1, $4, $5 FROM scoring_rubric WHERE workspace_id = $1 AND job_opening_id = $2
         ON CONFLICT (workspace_id, job_opening_id, hash) DO NOTHING`, [context.workspace, jobOpeningId, newId(), hash, JSON.stringify(requirements)]);
      return manager.findOneByOrFail(ScoringRubric, { jobOpeningId, hash });
    });
  }

  /** Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<ScoringRubric> {
    const found = await this.database.read(context, (manager) => manager.findOneBy(ScoringRubric, { id }));
    if (!found) throw notFound('The rubric');
    return found;
  }

  /** What the jobs ask for now, by job, whether it is kept yet or not; jobs that do not exist are left out. */
  present(context: RequestContext, jobOpeningIds: readonly string[]): Promise<Map<string, PresentRubric>> {
    return this.database.read(context, async (manager) => {
      const found = await this.requirements(manager, jobOpeningIds);
      return new Map([...found].map(([id, requirements]) => [id, { requirements, hash: hashOf(requirements) }]));
    });
  }

  private async requirements(manager: EntityManager, jobOpeningIds: readonly string[]): Promise<Map<string, JobRequirements>> {
    const openings = await manager.find(JobOpening, { where: { id: In([...jobOpeningIds]) }, withDeleted: true });
    const criteria = await manager.find(Criterion, { where: { jobOpeningId: In([...jobOpeningIds]) }, order: { position: 'ASC' } });
    return new Map(openings.map(({ id, title, description, minimumYears }) => [id, {
      title, description, minimumYears, criteria: criteria.filter(({ jobOpeningId }) => jobOpeningId === id).map(({ label, necessity }) => ({ label, necessity })),
    }]));
  }
}

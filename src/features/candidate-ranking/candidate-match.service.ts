import { Inject, Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { Candidate } from '../recruiting/candidates/candidate.entity.js';
import type { ResumeRecord } from '../resume-analysis/parser/json-resume.js';
import { inputHash } from '../resume-analysis/scoring/input-hash.js';
import type { PreparedRubric } from '../resume-analysis/scoring/prepared-rubric.js';
import { scoreResume, SCORER_VERSION } from '../resume-analysis/scoring/score-resume.js';
import type { Score } from '../resume-analysis/scoring/score.js';
import type { ScoringRubric } from '../resume-analysis/scoring-rubric.entity.js';

/** A candidate with the newest resume whose text is kept. */
export interface ScorableCandidate {
  readonly candidateId: string;
  readonly documentId: string;
  readonly record: ResumeRecord;
  readonly lines: string;
  readonly hiddenLines: readonly number[];
  /** What went into the candidate's present match for the job. */
  readonly knownHash: Buffer | null;
}

export interface NewMatch extends Score {
  readonly candidateId: string;
  readonly documentId: string;
  readonly inputHash: string;
}

/** How many candidates can be scored, and how many have a resume and cannot. */
export interface CandidateCounts {
  readonly total: number;
  readonly withoutText: number;
}

const NEWEST_READ_RESUME = `
SELECT d.id, d.parsed, t.lines, t.hidden_lines FROM document d JOIN document_text t ON t.workspace_id = d.workspace_id AND t.document_id = d.id
WHERE d.workspace_id = c.workspace_id AND d.candidate_id = c.id AND d.kind = 'resume' AND d.parsed IS NOT NULL ORDER BY d.created_at DESC, d.id DESC LIMIT 1`;

const SCORABLE = `
SELECT c.id AS "candidateId", r.id AS "documentId", r.parsed AS record, r.lines, r.hidden_lines AS "hiddenLines", m.input_hash AS "knownHash"
FROM candidate c CROSS JOIN LATERAL (${NEWEST_READ_RESUME}) r
LEFT JOIN candidate_match m ON m.workspace_id = c.workspace_id AND m.job_opening_id = $2 AND m.candidate_id = c.id
WHERE c.workspace_id = $1 AND c.deleted_at IS NULL`;

const COUNT = `
SELECT count(*) FILTER (WHERE readable)::int AS total, count(*) FILTER (WHERE NOT readable)::int AS "withoutText" FROM (
  SELECT bool_or(t.document_id IS NOT NULL AND d.parsed IS NOT NULL) AS readable
  FROM document d JOIN candidate c ON c.workspace_id = d.workspace_id AND c.id = d.candidate_id AND c.deleted_at IS NULL
  LEFT JOIN document_text t ON t.workspace_id = d.workspace_id AND t.document_id = d.id
  WHERE d.workspace_id = $1 AND d.kind = 'resume' GROUP BY d.candidate_id) candidates`;

const WRITE = `
INSERT INTO candidate_match (id, workspace_id, job_opening_id, candidate_id, document_id, rubric_id, scorer_version, input_hash, score, parts, flags)
SELECT n.id, $1, $2, n.candidate_id, n.document_id, $3, $4, decode(n.input_hash, 'hex'), n.score, n.parts, n.flags
FROM jsonb_to_recordset($5) AS n (id uuid, candidate_id uuid, document_id uuid, input_hash text, score numeric, parts jsonb, flags jsonb)
ON CONFLICT (workspace_id, job_opening_id, candidate_id) DO UPDATE SET document_id = excluded.document_id, rubric_id = excluded.rubric_id, scorer_version = excluded.scorer_version,
  input_hash = excluded.input_hash, score = excluded.score, parts = excluded.parts, flags = excluded.flags, created_at = now()`;

/** Reads what candidates are scored by, scores them, and keeps the matches. */
@Injectable()
export class CandidateMatchService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  counts(context: RequestContext): Promise<CandidateCounts> {
    return this.database.read(context, async (manager) => (await manager.query<[CandidateCounts]>(COUNT, [context.workspace]))[0]);
  }

  /** The next candidates in the order of their ids. */
  next(context: RequestContext, jobOpeningId: string, after: string | null, limit: number): Promise<ScorableCandidate[]> {
    return this.database.read(context, (manager) => manager.query<ScorableCandidate[]>(
      `${SCORABLE} AND ($3::uuid IS NULL OR c.id > $3) ORDER BY c.id LIMIT $4`, [context.workspace, jobOpeningId, after, limit]));
  }

  /** Those of the candidates who can be scored. */
  some(context: RequestContext, jobOpeningId: string, candidateIds: readonly string[]): Promise<ScorableCandidate[]> {
    return this.database.read(context, (manager) => manager.query<ScorableCandidate[]>(`${SCORABLE} AND c.id = ANY ($3)`, [context.workspace, jobOpeningId, candidateIds]));
  }

  /** Whether all the ids are those of candidates. */
  areCandidates(context: RequestContext, candidateIds: readonly string[]): Promise<boolean> {
    return this.database.read(context, async (manager) => (await manager.countBy(Candidate, { id: In([...candidateIds]) })) === candidateIds.length);
  }

  score(rubric: PreparedRubric, { record, lines, hiddenLines }: ScorableCandidate): Score {
    return scoreResume(rubric, record, { lines: lines.split('\n'), hiddenLines }, this.clock.now());
  }

  /** The matches of those for whom something else went in than last time. */
  changed(rubric: ScoringRubric, prepared: PreparedRubric, candidates: readonly ScorableCandidate[]): NewMatch[] {
    return candidates.flatMap((candidate) => {
      const { candidateId, documentId, record, lines, hiddenLines, knownHash } = candidate;
      const hash = inputHash(rubric, record, { lines: lines.split('\n'), hiddenLines }, this.clock.now());
      return knownHash?.equals(hash) ? [] : [{ candidateId, documentId, inputHash: hash.toString('hex'), ...this.score(prepared, candidate) }];
    });
  }

  /** Writes the matches in the surrounding transaction, in place of older ones. */
  async write(context: RequestContext, manager: EntityManager, { id: rubricId, jobOpeningId }: ScoringRubric, matches: readonly NewMatch[]): Promise<void> {
    if (matches.length === 0) return;
    const rows = matches.map(({ candidateId, documentId, inputHash: hash, score, parts, flags }) => ({ id: newId(), candidate_id: candidateId, document_id: documentId, input_hash: hash, score, parts, flags }));
    await manager.query(WRITE, [context.workspace, jobOpeningId, rubricId, SCORER_VERSION, JSON.stringify(rows)]);
  }

  /** Removes matches that a complete ranking by this rubric has left behind: by other rubrics, and of candidates who are gone. */
  async removeOthers(context: RequestContext, manager: EntityManager, { id: rubricId, jobOpeningId }: ScoringRubric): Promise<void> {
    await manager.query(
      `DELETE FROM candidate_match m WHERE m.workspace_id = $1 AND m.job_opening_id = $2 AND (m.rubric_id <> $3 OR m.scorer_version <> $4
         OR NOT EXISTS (SELECT 1 FROM candidate c WHERE c.workspace_id = $1 AND c.id = m.candidate_id AND c.deleted_at IS NULL))`, [context.workspace, jobOpeningId, rubricId, SCORER_VERSION]);
  }
}

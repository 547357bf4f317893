import { Inject, Injectable } from '@nestjs/common';
import { invalidInput, notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { prepareRubric } from '../resume-analysis/scoring/prepared-rubric.js';
import type { Score, ScorePart } from '../resume-analysis/scoring/score.js';
import { ScoringRubricService } from '../resume-analysis/scoring-rubric.service.js';
import { CandidateMatchService } from './candidate-match.service.js';

export const MOST_COMPARED = 5;

export interface ComparedCandidate {
  readonly candidateId: string;
  /** Null where no resume of the candidate can be scored. */
  readonly score: number | null;
  readonly flags: Score['flags'];
}

/** One criterion, and how each of the candidates stands to it, in their order; null for who cannot be scored. */
export interface ComparedRow extends Pick<ScorePart, 'kind' | 'label' | 'maximum'> {
  readonly cells: readonly (ScorePart | null)[];
}

export interface Comparison {
  readonly candidates: readonly ComparedCandidate[];
  readonly rows: readonly ComparedRow[];
}

/** Puts candidates side by side by what the job asks for now. */
@Injectable()
export class CandidateComparisonService {
  constructor(
    @Inject(ScoringRubricService) private readonly rubrics: ScoringRubricService,
    @Inject(CandidateMatchService) private readonly matches: CandidateMatchService,
  ) {}

  /** Throws INVALID_INPUT unless two to five different candidates are named, NOT_FOUND for a job or candidate that is not there. */
  async compare(context: RequestContext, jobOpeningId: string, candidateIds: readonly string[]): Promise<Comparison> {
    if (candidateIds.length < 2 || candidateIds.length > MOST_COMPARED || new Set(candidateIds).size < candidateIds.length) throw invalidInput(`Choose 2 to ${MOST_COMPARED} different candidates.`, 'candidateIds');
    const rubric = isId(jobOpeningId) ? (await this.rubrics.present(context, [jobOpeningId])).get(jobOpeningId) : undefined;
    if (!rubric) throw notFound('The job');
    if (!candidateIds.every(isId) || !(await this.matches.areCandidates(context, candidateIds))) throw notFound('The candidate');
    const prepared = prepareRubric(rubric.requirements);
    const scorable = await this.matches.some(context, jobOpeningId, candidateIds);
    const scores = candidateIds.map((id) => {
      const candidate = scorable.find(({ candidateId }) => candidateId === id);
      return candidate ? this.matches.score(prepared, candidate) : null;
    });
    const shown = scores.find((score) => score !== null)?.parts ?? [];
    return {
      candidates: candidateIds.map((candidateId, index) => ({ candidateId, score: scores[index]?.score ?? null, flags: scores[index]?.flags ?? [] })),
      rows: shown.map(({ kind, label, maximum }, row) => ({ kind, label, maximum, cells: scores.map((score) => score?.parts[row] ?? null) })),
    };
  }
}

import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { ConnectionArguments, type Connection } from '../../protocols/graphql/connection.js';
import { RequirePermission } from '../../platform/access-control/authorize.js';
import { Application } from '../recruiting/applications/application.entity.js';
import { ApplicationModel } from '../recruiting/applications/application.model.js';
import { readApplications } from '../recruiting/applications/applications.permissions.js';
import { Candidate } from '../recruiting/candidates/candidate.entity.js';
import { CandidateModel } from '../recruiting/candidates/candidate.model.js';
import { readDocuments } from '../recruiting/documents/documents.permissions.js';
import type { JobOpening } from '../recruiting/job-openings/job-opening.entity.js';
import { JobOpeningModel } from '../recruiting/job-openings/job-opening.model.js';
import { ScoreFlagModel, ScorePartModel } from '../resume-analysis/resume-analysis.model.js';
import { ScoringRubric } from '../resume-analysis/scoring-rubric.entity.js';
import { CandidateComparisonService } from './candidate-comparison.service.js';
import type { CandidateMatch } from './candidate-match.entity.js';
import { CandidateComparisonModel, CandidateMatchConnection, CandidateMatchModel, ComparedCandidateModel, RankingStateModel } from './candidate-ranking.model.js';
import { readRanking, startRanking } from './candidate-ranking.permissions.js';
import { CandidateRankingService } from './candidate-ranking.service.js';
import { RankingStateService } from './ranking-state.service.js';

/** Quotes are of resumes, so they need the right documents.read. */
const withoutQuote = (part: ScorePartModel): ScorePartModel => ({ ...part, evidence: null });

@Resolver(() => JobOpeningModel)
export class JobOpeningRankingResolver {
  constructor(
    @Inject(CandidateRankingService) private readonly rankings: CandidateRankingService,
    @Inject(RankingStateService) private readonly states: RankingStateService,
  ) {}

  @ResolveField(() => CandidateMatchConnection, { nullable: true, description: 'All candidates, the best match first; null without the right candidate-ranking.read.' })
  async ranking(@Caller() context: RequestContext, @Parent() opening: JobOpeningModel, @Args() page: ConnectionArguments): Promise<Connection<CandidateMatch> | null> {
    return context.can(readRanking) ? this.rankings.list(context, opening.id, page) : null;
  }

  @ResolveField(() => RankingStateModel, { nullable: true, description: 'Null where the candidates were never ranked for this job, and without the right candidate-ranking.read.' })
  async rankingState(@Caller() context: RequestContext, @Parent() opening: JobOpeningModel): Promise<RankingStateModel | null> {
    return context.can(readRanking) ? this.states.of(context, opening.id) : null;
  }
}

@Resolver()
export class CandidateRankingResolver {
  constructor(
    @Inject(CandidateRankingService) private readonly rankings: CandidateRankingService,
    @Inject(CandidateComparisonService) private readonly comparisons: CandidateComparisonService,
  ) {}

  @Mutation(() => JobOpeningModel, { description: 'Has all candidates with a readable resume scored for the job, in the background.' })
  @RequirePermission(startRanking)
  rankCandidates(@Caller() context: RequestContext, @Args('jobOpeningId', { type: () => ID }) id: string): Promise<JobOpening> {
    return this.rankings.start(context, id);
  }

  @Query(() => CandidateComparisonModel, { description: 'Two to five candidates side by side. Quotes need the right documents.read.' })
  @RequirePermission(readRanking)
  async compareCandidates(
    @Caller() context: RequestContext,
    @Args('jobOpeningId', { type: () => ID }) jobOpeningId: string,
    @Args('candidateIds', { type: () => [ID] }) candidateIds: string[],
  ): Promise<CandidateComparisonModel> {
    const { candidates, rows } = await this.comparisons.compare(context, jobOpeningId, candidateIds);
    const mayQuote = context.can(readDocuments);
    return {
      candidates: candidates.map((candidate) => ({ ...candidate, jobOpeningId, flags: [...candidate.flags] })),
      rows: rows.map((row) => ({ ...row, cells: row.cells.map((cell) => (cell === null || mayQuote ? cell : withoutQuote(cell))) })),
    };
  }
}

@Resolver(() => CandidateMatchModel)
export class CandidateMatchResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => CandidateModel)
  candidate(@Caller() context: RequestContext, @Parent() match: CandidateMatchModel): Promise<Candidate | null> {
    return this.loader.byId(context, Candidate, match.candidateId);
  }

  @ResolveField(() => [ScorePartModel], { description: 'Without quotes where the right documents.read is missing.' })
  parts(@Caller() context: RequestContext, @Parent() { parts }: CandidateMatchModel): ScorePartModel[] {
    return context.can(readDocuments) ? parts : parts.map(withoutQuote);
  }

  @ResolveField(() => [ScoreFlagModel], { nullable: true, description: 'Lines that did not count; null without the right documents.read.' })
  flags(@Caller() context: RequestContext, @Parent() { flags }: CandidateMatchModel): ScoreFlagModel[] | null {
    return context.can(readDocuments) ? flags : null;
  }

  @ResolveField(() => Int, { nullable: true, description: 'Which version of what the job asks for it was scored by.' })
  async rubricVersion(@Caller() context: RequestContext, @Parent() match: CandidateMatchModel): Promise<number | null> {
    return (await this.loader.byId(context, ScoringRubric, match.rubricId))?.version ?? null;
  }

  @ResolveField(() => ApplicationModel, { nullable: true, description: "The candidate's newest application for this job; null where there is none, and without the right applications.read." })
  async application(@Caller() context: RequestContext, @Parent() match: CandidateMatchModel): Promise<Application | null> {
    return newestApplication(this.loader, context, match);
  }
}

@Resolver(() => ComparedCandidateModel)
export class ComparedCandidateResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => CandidateModel)
  candidate(@Caller() context: RequestContext, @Parent() { candidateId }: ComparedCandidateModel): Promise<Candidate | null> {
    return this.loader.byId(context, Candidate, candidateId);
  }

  @ResolveField(() => [ScoreFlagModel], { nullable: true, description: 'Lines that did not count; null without the right documents.read.' })
  flags(@Caller() context: RequestContext, @Parent() { flags }: ComparedCandidateModel): ScoreFlagModel[] | null {
    return context.can(readDocuments) ? flags : null;
  }

  @ResolveField(() => ApplicationModel, { nullable: true, description: "The candidate's newest application for this job." })
  application(@Caller() context: RequestContext, @Parent() compared: ComparedCandidateModel): Promise<Application | null> {
    return newestApplication(this.loader, context, compared);
  }
}

async function newestApplication(loader: EntityLoader, context: RequestContext, { candidateId, jobOpeningId }: { candidateId: string; jobOpeningId: string }): Promise<Application | null> {
  if (!context.can(readApplications)) return null;
  const applications = (await loader.manyBy(context, Application, 'candidateId', candidateId)).filter((application) => application.jobOpeningId === jobOpeningId);
  return applications.sort((a, b) => b.appliedAt.getTime() - a.appliedAt.getTime())[0] ?? null;
}

import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { OnDomainEvent, type DomainEvent, type DomainEventListener } from '../../platform/domain-events/domain-event.js';
import { CandidateRankingService } from './candidate-ranking.service.js';

/** A job that asks for something else gets a new ranking, if it had one. */
@Injectable()
@OnDomainEvent('job_opening.requirements_changed')
export class RankOnChange implements DomainEventListener {
  constructor(@Inject(CandidateRankingService) private readonly rankings: CandidateRankingService) {}

  on(context: RequestContext, { subjectId }: DomainEvent): Promise<void> {
    return this.rankings.renew(context, subjectId);
  }
}

/** A candidate whose resume was read takes their place in the rankings that there are. */
@Injectable()
@OnDomainEvent('document.read')
export class MatchOnReading implements DomainEventListener<{ candidateId: string }> {
  constructor(@Inject(CandidateRankingService) private readonly rankings: CandidateRankingService) {}

  on(context: RequestContext, { payload }: DomainEvent<{ candidateId: string }>): Promise<void> {
    return this.rankings.placeCandidate(context, payload.candidateId);
  }
}

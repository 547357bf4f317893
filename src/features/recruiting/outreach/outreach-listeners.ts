import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../common/request-context.js';
import { OnDomainEvent, type DomainEvent, type DomainEventListener } from '../../../platform/domain-events/domain-event.js';
import { ApplicationService } from '../applications/application.service.js';
import { OutreachService } from './outreach.service.js';

/** Nobody who was rejected gets a reminder. */
@Injectable()
@OnDomainEvent('application.rejected')
export class StopOnRejection implements DomainEventListener {
  constructor(@Inject(OutreachService) private readonly outreach: OutreachService) {}

  on(context: RequestContext, { subjectId }: DomainEvent): Promise<void> {
    return this.outreach.stopFor(context, subjectId, 'rejected');
  }
}

/** Nor anybody who was hired. Other stages leave an outreach alone. */
@Injectable()
@OnDomainEvent('application.moved')
export class StopOnHire implements DomainEventListener {
  constructor(
    @Inject(OutreachService) private readonly outreach: OutreachService,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
  ) {}

  async on(context: RequestContext, { subjectId }: DomainEvent): Promise<void> {
    const { status } = await this.applications.get(context, subjectId);
    if (status !== 'active') await this.outreach.stopFor(context, subjectId, status);
  }
}

/** Nor anybody who has withdrawn. */
@Injectable()
@OnDomainEvent('application.withdrawn')
export class StopOnWithdrawal implements DomainEventListener {
  constructor(@Inject(OutreachService) private readonly outreach: OutreachService) {}

  on(context: RequestContext, { subjectId }: DomainEvent): Promise<void> {
    return this.outreach.stopFor(context, subjectId, 'withdrawn');
  }
}

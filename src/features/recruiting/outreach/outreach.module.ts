import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { CandidateOutreachWorkflow } from './candidate-outreach.workflow.js';
import { StopOnHire, StopOnRejection, StopOnWithdrawal } from './outreach-listeners.js';
import { OutreachWebhookEvents } from './outreach.events.js';
import { OutreachMail } from './outreach-mail.service.js';
import { ApplicationOutreachResolver, OutreachResolver } from './outreach.resolver.js';
import { OutreachService } from './outreach.service.js';

@Module({
  imports: [ApplicationsModule],
  providers: [OutreachService, OutreachMail, OutreachWebhookEvents, CandidateOutreachWorkflow, StopOnRejection, StopOnHire, StopOnWithdrawal, OutreachResolver, ApplicationOutreachResolver],
  exports: [OutreachService],
})
export class OutreachModule {}

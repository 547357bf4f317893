import { Module } from '@nestjs/common';
import { OffersController } from './offers.controller.js';
import { OfferApprovalMail } from './offer-approval-mail.service.js';
import { OfferApprovalService } from './offer-approval.service.js';
import { OfferApprovalWorkflow } from './offer-approval.workflow.js';
import { ApplyApproval, AskNextApprover, AskInstead } from './offer-approval-listeners.js';
import { OfferApprovalResolver, OfferLinkResolver } from './offer-approval.resolver.js';
import { OfferLinks } from './offer-link.service.js';
import { OfferReading } from './offer-reading.service.js';
import { ApplicationOffersResolver, OfferResolver, OfferVersionResolver } from './offer.resolver.js';
import { OfferService } from './offer.service.js';
import { OffersTools } from './offers.tools.js';

@Module({
  providers: [
    OffersController, OffersTools,
    OfferService, OfferReading, OfferLinks, OfferApprovalService, OfferApprovalMail, OfferApprovalWorkflow, ApplyApproval, AskNextApprover, AskInstead,
    OfferResolver, OfferVersionResolver, ApplicationOffersResolver, OfferApprovalResolver, OfferLinkResolver,
  ],
  exports: [OfferService, OfferApprovalService],
})
export class OffersModule {}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import type { StoredDomainEvent } from '../../../platform/domain-events/domain-event.js';
import { defineWebhookEvent, WebhookEvents, type WebhookEvent, type WebhookEventSet } from '../../../platform/webhooks/webhook-event.js';

const OFFER = z.object({ offerId: z.guid(), applicationId: z.guid(), status: z.string(), termsVersion: z.int() });
const EXAMPLE = { offerId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e06', applicationId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e01', status: 'draft', termsVersion: 1 };

const FIND = 'SELECT id AS "offerId", application_id AS "applicationId", status, current_version AS "termsVersion" FROM offer WHERE workspace_id = $1 AND id = $2';

async function load(manager: EntityManager, workspaceId: string, { subjectId }: StoredDomainEvent): Promise<JsonObject> {
  const [offer] = await manager.query<[JsonObject]>(FIND, [workspaceId, subjectId]);
  return offer;
}

const event = (verb: string, about: string, status = 'draft'): WebhookEvent => defineWebhookEvent({ on: `offer.${verb}`, about, data: OFFER, example: { ...EXAMPLE, status }, load });

/** What is told outside of offers: that they are, and never what they offer. */
@Injectable()
@WebhookEvents()
export class OfferWebhookEvents implements WebhookEventSet {
  readonly events = [
    event('created', 'An offer was drafted.'),
    event('edited', 'The terms of an offer were changed; it needs to be approved anew.'),
    event('approval_approved', 'The approvers agreed to an offer.', 'approved'),
    event('approval_rejected', 'The approvers refused an offer; it is a draft again.'),
    event('approval_expired', 'The approvers did not answer in time; the offer is a draft again.'),
    event('withdrawn', 'An offer was taken back.', 'withdrawn'),
  ];
}

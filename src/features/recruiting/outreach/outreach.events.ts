import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defineWebhookEvent, WebhookEvents, type WebhookEventSet } from '../../../platform/webhooks/webhook-event.js';

/** What is told outside of outreach. What was written stays inside. */
@Injectable()
@WebhookEvents()
export class OutreachWebhookEvents implements WebhookEventSet {
  readonly events = [
    defineWebhookEvent({
      on: 'candidate.replied', about: 'A candidate answered a mail of an outreach.', data: z.object({ candidateId: z.guid() }), example: { candidateId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e02' },
      load: async (_manager, _workspaceId, { subjectId }) => ({ candidateId: subjectId }),
    }),
  ];
}

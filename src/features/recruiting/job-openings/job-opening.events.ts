import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import type { StoredDomainEvent } from '../../../platform/domain-events/domain-event.js';
import { defineWebhookEvent, WebhookEvents, type WebhookEvent, type WebhookEventSet } from '../../../platform/webhooks/webhook-event.js';

const JOB_OPENING = z.object({ jobOpeningId: z.guid(), title: z.string(), status: z.string(), location: z.string().nullable() });
const EXAMPLE = { jobOpeningId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e03', title: 'Senior Backend Engineer', status: 'open', location: 'Berlin' };

const FIND = 'SELECT id AS "jobOpeningId", title, status, location FROM job_opening WHERE workspace_id = $1 AND id = $2';

async function load(manager: EntityManager, workspaceId: string, { subjectId }: StoredDomainEvent): Promise<JsonObject> {
  const [opening] = await manager.query<[JsonObject]>(FIND, [workspaceId, subjectId]);
  return opening;
}

const event = (verb: string, about: string, status = 'open'): WebhookEvent => defineWebhookEvent({ on: `job_opening.${verb}`, about, data: JOB_OPENING, example: { ...EXAMPLE, status }, load });

/** What is told outside of jobs. */
@Injectable()
@WebhookEvents()
export class JobOpeningWebhookEvents implements WebhookEventSet {
  readonly events = [
    event('published', 'A job was opened, or its public page was updated.'),
    event('requirements_changed', 'What a job asks for was changed.'),
    event('closed', 'A job was closed and taken off the careers page.', 'closed'),
  ];
}

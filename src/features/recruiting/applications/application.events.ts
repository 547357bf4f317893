import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import type { StoredDomainEvent } from '../../../platform/domain-events/domain-event.js';
import { defineWebhookEvent, WebhookEvents, type WebhookEvent, type WebhookEventSet } from '../../../platform/webhooks/webhook-event.js';

const APPLICATION = z.object({
  applicationId: z.guid(), candidateId: z.guid(), jobOpeningId: z.guid(), status: z.enum(['active', 'hired', 'rejected', 'withdrawn']), source: z.string(),
  stage: z.object({ id: z.guid(), name: z.string(), category: z.string() }), appliedAt: z.iso.datetime(),
});
const MOVED = APPLICATION.extend({ previousStageId: z.guid() });

const EXAMPLE = {
  applicationId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e01', candidateId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e02', jobOpeningId: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e03', status: 'active', source: 'careers',
  stage: { id: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e04', name: 'Applied', category: 'applied' }, appliedAt: '2026-01-31T12:00:00.000Z',
};

interface Row {
  readonly [key: string]: string | Date;
  readonly appliedAt: Date;
}

const FIND = `
SELECT a.id AS "applicationId", a.candidate_id AS "candidateId", a.job_opening_id AS "jobOpeningId", a.status, a.source, a.applied_at AS "appliedAt", s.id AS "stageId", s.name AS "stageName", s.category AS "stageCategory"
FROM application a JOIN pipeline_stage s ON s.workspace_id = a.workspace_id AND s.id = a.pipeline_stage_id WHERE a.workspace_id = $1 AND a.id = $2`;

async function load(manager: EntityManager, workspaceId: string, { subjectId }: StoredDomainEvent): Promise<JsonObject> {
  const [{ stageId, stageName, stageCategory, appliedAt, ...facts }] = await manager.query<[Row]>(FIND, [workspaceId, subjectId]);
  return { ...facts, stage: { id: stageId, name: stageName, category: stageCategory }, appliedAt: appliedAt.toISOString() } as JsonObject;
}

const event = (verb: string, about: string, status = 'active'): WebhookEvent =>
  defineWebhookEvent({ on: `application.${verb}`, about, data: APPLICATION, example: { ...EXAMPLE, status }, load });

/** What is told outside of applications. Why somebody was rejected stays inside. */
@Injectable()
@WebhookEvents()
export class ApplicationWebhookEvents implements WebhookEventSet {
  readonly events = [
    event('submitted', 'Somebody applied for a job, or was entered for it by a colleague.'),
    defineWebhookEvent({
      on: 'application.moved', about: 'An application was put into another stage. In a stage of the category "hired" its status is "hired".', data: MOVED,
      example: { ...EXAMPLE, previousStageId: EXAMPLE.stage.id, stage: { id: '019b0c5e-7d20-7c1a-9f3e-2a5b8c4d6e05', name: 'Interview', category: 'interview' } },
      load: async (manager, workspaceId, moved) => ({ ...await load(manager, workspaceId, moved), previousStageId: moved.payload['from']! }),
    }),
    event('rejected', 'An application was rejected.', 'rejected'),
    event('withdrawn', 'A candidate no longer wants the job.', 'withdrawn'),
    event('restored', 'The end of an application was taken back.'),
  ];
}

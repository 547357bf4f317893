import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** What is waited after each failed attempt of a round, as docs/operations/webhooks.md tells it; an attempt comes up to a tenth sooner. */
export const DELIVERY_DELAYS: readonly number[] = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

/** Sends one delivery to its endpoint. An endpoint that is slow takes up its own few turns and nobody else's. */
export const deliverWebhook = defineJob({
  name: 'deliverWebhook',
  payload: z.object({ webhookId: z.uuid(), deliveryId: z.uuid(), round: z.int().min(1) }),
  // The delivery counts its attempts. These are for what is no failure of the receiver, like the death of a process.
  retries: 20,
  backoff: { delays: DELIVERY_DELAYS, jitter: 0.1 },
  timeout: 40_000,
  concurrencyKey: ({ webhookId }) => `webhook ${webhookId}`,
  concurrency: 3,
});

/** Sends what has failed in a time once more. */
export const replayFailedDeliveries = defineJob({
  name: 'replayFailedDeliveries',
  payload: z.object({ webhookId: z.uuid(), since: z.iso.datetime(), until: z.iso.datetime() }),
});

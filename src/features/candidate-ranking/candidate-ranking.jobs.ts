import { z } from 'zod';
import { defineJob } from '../../serverless-jobs/definition/define-job.js';

/** Scores every candidate with a readable resume against one job opening, in chunks; never twice at the same time for one. */
export const rankCandidates = defineJob({
  name: 'rankCandidates',
  payload: z.object({ jobOpeningId: z.uuid() }),
  priority: 'low',
  concurrencyKey: ({ jobOpeningId }) => `rankCandidates ${jobOpeningId}`,
  debounce: { wait: 1_000, maxWait: 15_000, key: ({ jobOpeningId }) => jobOpeningId },
});

/** Scores one candidate against every open job opening whose candidates have been ranked. */
export const matchCandidate = defineJob({
  name: 'matchCandidate',
  payload: z.object({ candidateId: z.uuid() }),
  priority: 'low',
  concurrencyKey: ({ candidateId }) => `matchCandidate ${candidateId}`,
});

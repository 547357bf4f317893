import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { defineJob } from '../../src/serverless-jobs/definition/define-job.js';
import { JobHandler, type JobWork } from '../../src/serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';

export const WORKSPACE = '01a20d21-0000-7000-8000-00000000000a';
/** About as fast as a language model writes, with an unequal beat. */
const PACE_MS = [5, 45] as const;

export const sendTokens = defineJob({ name: 'sendTokens', payload: z.object({ count: z.number() }), timeout: 120_000 });

@Injectable()
@JobHandler(sendTokens)
export class TokenSender implements JobWork<typeof sendTokens> {
  async handle(job: RunningJob, { count }: { count: number }): Promise<void> {
    for (let index = 0; index < count; index++) {
      job.events.append('token', { sent: Date.now() });
      await pause(PACE_MS[0] + Math.random() * (PACE_MS[1] - PACE_MS[0]));
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { defineTool, McpTools, type ToolSet } from '../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT, PAGE_INPUT, pageAnswer, pageOf } from '../../protocols/mcp/tool-page.js';
import type { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { BackgroundJobChanges } from './background-job-changes.service.js';
import { BackgroundJobList } from './background-job-list.service.js';
import { readBackgroundJobs, retryBackgroundJobs } from './background-jobs.permissions.js';

const shown = (job: BackgroundJob): JsonObject => compact({
  id: job.id, type: job.type, state: job.state, subject: job.subjectType, subjectId: job.subjectId, percent: job.progressPercent, step: job.progressMessage, attempts: job.attempts,
  errorCode: job.errorCode, error: job.errorMessage, finishedAt: job.finishedAt?.toISOString() ?? null,
});

@Injectable()
@McpTools()
export class BackgroundJobsTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'find_background_jobs', description: 'Background jobs by state and type, the newest first; "dead" ones have failed for good.', permission: readBackgroundJobs, effect: 'read',
      input: z.object({ state: z.enum(['queued', 'waiting', 'running', 'paused', 'done', 'dead', 'cancelled']).optional(), type: z.string().max(100).optional(), ...PAGE_INPUT }),
      run: async (context, { state, type, ...page }) => pageAnswer(await this.jobs.list(context, { ...(state ? { states: [state] } : {}), ...(type ? { type } : {}) }, 'NEWEST', pageOf(page)), shown),
    }),
    defineTool({
      name: 'get_background_job', description: 'How far a background job is, and why it failed.', permission: readBackgroundJobs, effect: 'read', input: z.object({ id: ID_INPUT }),
      run: async (context, { id }) => ({ result: shown(await this.jobs.get(context, id)) }),
    }),
    defineTool({
      name: 'retry_background_job', description: 'Runs a job that has failed for good again.', permission: retryBackgroundJobs, effect: 'change', input: z.object({ id: ID_INPUT }),
      run: async (context, { id }) => {
        await this.changes.apply(context, id, { action: 'retry' });
        return { result: shown(await this.jobs.get(context, id)) };
      },
    }),
  ];

  constructor(
    @Inject(BackgroundJobList) private readonly jobs: BackgroundJobList,
    @Inject(BackgroundJobChanges) private readonly changes: BackgroundJobChanges,
  ) {}
}

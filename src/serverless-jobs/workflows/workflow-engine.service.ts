import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject } from '../../common/json.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { Telemetry } from '../../infrastructure/telemetry/telemetry.js';
import type { JobDefinition } from '../definition/define-job.js';
import type { RunningJob } from '../runner/running-job.js';
import { ServerlessJobService } from '../serverless-job.service.js';
import { lockAwaitedEvents } from './event-wait.js';
import { ReplayedSteps } from './replayed-steps.js';
import { StepStore, type RunKey } from './step-store.js';
import type { StepRow } from './step-row.js';
import { needsSettling, restOfWaits, settleWaits } from './step-waits.js';
import type { WorkflowWork } from './workflow-handler.js';
import { WorkflowReplay, type ReplayEnd } from './workflow-replay.js';
import type { WorkflowRun } from './workflow-steps.js';

/** During a deployment an older instance leaves the runs of a newer version alone for so long. */
const NEWER_VERSION_MS = 30_000;

/** Runs workflows: replays what is done, begins what is not, and suspends the run when nothing can go on. */
@Injectable()
export class WorkflowEngine {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Telemetry) private readonly telemetry: Telemetry,
  ) {}

  /**
   * One invocation of a run. Returns its result, or nothing after it has suspended the run. Throws what the workflow throws,
   * NonRetryableError for problems of its steps (like WORKFLOW_CHANGED), and LostOwnershipError.
   */
  async run(job: RunningJob, definition: JobDefinition, workflow: WorkflowWork, payload: unknown): Promise<JsonObject | void> {
    if (job.version > definition.version) {
      job.log('info', 'This instance knows an older version of the workflow only; the run waits for a newer instance.', { run: job.version, instance: definition.version });
      return job.suspend(async () => NEWER_VERSION_MS);
    }
    const run = { workspaceId: job.context.workspace, id: job.id, fence: job.fence };
    const store = new StepStore(run);
    const rows = await this.remembered(job, run, store);
    const replay = new WorkflowReplay(job, rows, Math.min(this.environment.jobBudget, definition.timeout));
    const steps = new ReplayedSteps({ database: this.database, telemetry: this.telemetry, jobs: this.jobs, job, store, replay });
    let end: ReplayEnd;
    try {
      end = await replay.run(async () => workflow.run(steps, payload, this.view(job, replay)));
    } catch (error) {
      const failed = steps.failedSteps(error);
      if (failed.length > 0) await job.transaction((manager) => store.markFatal(manager, failed));
      throw error;
    }
    if (end.kind === 'returned') return end.value;
    await this.suspend(job, run, end);
  }

  /** The steps of earlier invocations, after the waits that are over have been ended. The first claim of a run has none. */
  private async remembered(job: RunningJob, run: RunKey, store: StepStore): Promise<StepRow[]> {
    if (job.fence === 1) return [];
    const rows = await this.database.write(job.context, (manager) => store.load(manager));
    if (!needsSettling(rows)) return rows;
    return this.database.write(job.context, async (outer) => {
      await lockAwaitedEvents(outer, run);
      return job.transaction(async (manager) => {
        await settleWaits(manager, run, rows);
        return store.load(manager);
      });
    });
  }

  private async suspend(job: RunningJob, run: RunKey, { names, outOfTime }: ReplayEnd & { kind: 'blocked' }): Promise<void> {
    await job.events.flush();
    await this.database.write(job.context, async (outer) => {
      await lockAwaitedEvents(outer, run);
      await job.suspend(async (manager) => (outOfTime ? null : restOfWaits(manager, run, names)));
    });
  }

  private view(job: RunningJob, replay: WorkflowReplay): WorkflowRun {
    return {
      id: job.id, context: job.context, version: job.version, events: job.events,
      log: (level, message, data) => {
        if (!replay.isRepeating) job.log(level, message, data);
      },
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { JsonObject } from '../../common/json.js';
import { Database } from '../../infrastructure/database/database.js';
import type { JobDefinition } from '../definition/define-job.js';
import type { RunningJob } from '../runner/running-job.js';
import type { WorkflowWork } from './workflow-handler.js';

/** Runs workflows: replays what is done and begins what is not. */
@Injectable()
export class WorkflowEngine {
  constructor(@Inject(Database) readonly database: Database) {}

  /** One invocation of a run. */
  async run(_job: RunningJob, _definition: JobDefinition, _workflow: WorkflowWork, _payload: unknown): Promise<JsonObject | void> {
    throw new Error('The workflow engine is not built yet.');
  }
}

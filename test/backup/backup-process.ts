import 'reflect-metadata';
import { createApplication } from '../../src/bootstrap/create-application.js';
import { JobRunnerService } from '../../src/serverless-jobs/runner/job-runner.service.js';

/** Runs one job of a workspace, until it has ended or somebody ends the process. */
const [workspaceId = '', jobId = ''] = process.argv.slice(2);
const { nest } = await createApplication();
const outcome = await nest.get(JobRunnerService, { strict: false }).run({ workspaceId, jobId, messageId: null }, performance.now() + 50_000);
process.send?.(outcome);

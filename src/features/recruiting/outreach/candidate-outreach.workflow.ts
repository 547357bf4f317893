import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../../../common/json.js';
import { WorkflowHandler, type WorkflowWork } from '../../../serverless-jobs/workflows/workflow-handler.js';
import type { WorkflowRun, WorkflowSteps } from '../../../serverless-jobs/workflows/workflow-steps.js';
import { OutreachMail } from './outreach-mail.service.js';
import { candidateOutreach } from './outreach.jobs.js';

/** Mail, wait for an answer, reminder, wait again: until there is an answer, no mail is left, or somebody stops it. */
@Injectable()
@WorkflowHandler(candidateOutreach)
export class CandidateOutreachWorkflow implements WorkflowWork<typeof candidateOutreach> {
  constructor(@Inject(OutreachMail) private readonly mail: OutreachMail) {}

  async run(step: WorkflowSteps, { outreachId, candidateId, mails }: z.output<typeof candidateOutreach.payload>, { context }: WorkflowRun): Promise<JsonObject> {
    for (let index = 0; index < mails; index++) {
      const name = index === 0 ? 'first mail' : `reminder ${index}`;
      const { status, wait } = await step.run(name, (attempt) => attempt.complete(() => this.mail.send(context, outreachId, index)));
      if (wait === null) return { status };
      const reply = await step.waitForEvent(`answer to ${name}`, { event: 'candidate.replied', match: { candidateId }, timeout: wait });
      if (reply) return { status: 'replied' };
    }
    const { status } = await step.run('finish', (attempt) => attempt.complete(() => this.mail.finish(context, outreachId)));
    return { status };
  }
}

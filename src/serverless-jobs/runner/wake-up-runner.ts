import { Inject, Injectable } from '@nestjs/common';
import type { TransportName } from '../../config/job-transport.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { MirrorRecorder } from '../transports/mirror-recorder.js';
import type { WakeUpBody } from '../transports/transport.js';
import { JobDrainer } from './job-drainer.js';
import { JobRunnerService, type JobOutcome } from './job-runner.service.js';

/** After its own job an invocation takes up what has waited this long, for at most so many milliseconds. */
const OVERDUE_MS = 1_000;
const SIDE_DRAIN_MS = 10_000;

export type WakeUpOutcome =
  | JobOutcome
  | { readonly kind: 'drained'; readonly jobs: number }
  /** The copy of a call that is made for comparison only. */
  | { readonly kind: 'recorded' };

/** How a call arrived. */
export interface Arrival {
  readonly transport: TransportName;
  /** The transport's id of the delivery. */
  readonly messageId: string | null;
  /** Whether to take up what else is overdue afterwards: for invocations, which cost a start each. */
  readonly sideDrain?: boolean;
}

/** Does what a wake-up call asks for, whichever transport delivered it. */
@Injectable()
export class WakeUpRunner {
  constructor(
    @Inject(JobRunnerService) private readonly runner: JobRunnerService,
    @Inject(JobDrainer) private readonly drainer: JobDrainer,
    @Inject(MirrorRecorder) private readonly recorder: MirrorRecorder,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Takes at most PERCH_JOB_BUDGET_SECONDS. Never throws for a failure of the work; throws when the database cannot be reached. */
  async receive(body: WakeUpBody, { transport, messageId, sideDrain = false }: Arrival): Promise<WakeUpOutcome> {
    const until = performance.now() + this.environment.jobBudget;
    if (body.mirror) {
      await this.recorder.delivered(transport, body, body.mirror);
      if (body.mirror.shadow) return { kind: 'recorded' };
    }
    if ('drain' in body) return { kind: 'drained', jobs: await this.drainer.drain(until) };
    const outcome = await this.runner.run({ workspaceId: body.workspaceId, jobId: body.jobId, messageId }, until);
    if (sideDrain && outcome.kind !== 'wait') await this.drainer.drainOverdue(Math.min(until, performance.now() + SIDE_DRAIN_MS), OVERDUE_MS);
    return outcome;
  }
}

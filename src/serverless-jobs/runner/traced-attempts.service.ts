import { Inject, Injectable } from '@nestjs/common';
import { Telemetry } from '../../infrastructure/telemetry/telemetry.js';
import type { ClaimedJob } from './claimed-job.js';
import { JobAttemptService, type AttemptOutcome, type CollectDone } from './job-attempt.service.js';

/** Runs attempts as spans of the trace that enqueued them, and counts how they end. */
@Injectable()
export class TracedAttempts {
  constructor(
    @Inject(JobAttemptService) private readonly attempts: JobAttemptService,
    @Inject(Telemetry) private readonly telemetry: Telemetry,
  ) {}

  /** As JobAttemptService.run. */
  async run(claimed: ClaimedJob, until: number, collect?: CollectDone): Promise<AttemptOutcome> {
    const { type, id, attempt, traceparent, waited } = claimed;
    const begin = performance.now();
    const outcome = await this.telemetry.span(`job ${type}`, { kind: 'consumer', parent: traceparent, attributes: { 'job.id': id, 'job.type': type, 'job.attempt': attempt } },
      () => this.attempts.run(claimed, until, collect), ({ kind }) => ({ 'job.outcome': kind }));
    this.telemetry.count('perch.jobs.attempts', 1, { type, outcome: outcome.kind });
    this.telemetry.record('perch.jobs.wait', waited, { type });
    this.telemetry.record('perch.jobs.duration', performance.now() - begin, { type });
    return outcome;
  }
}

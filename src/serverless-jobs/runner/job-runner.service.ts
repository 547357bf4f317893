import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobRegistry } from '../definition/job-registry.js';
import { JobPublisher } from '../outbox/job-publisher.js';
import { wakeUpOf } from '../outbox/wake-up.js';
import type { AttemptOutcome } from './job-attempt.service.js';
import { claimJob, claimReady, type ClaimRequest } from './job-claim.js';
import { TracedAttempts } from './traced-attempts.service.js';

export type JobOutcome =
  | AttemptOutcome
  | { readonly kind: 'settled' | 'parked' | 'later' }
  | { readonly kind: 'wait'; readonly seconds: number };

/** Runs one attempt of one background job, whichever transport delivered the call. */
@Injectable()
export class JobRunnerService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(TracedAttempts) private readonly attempts: TracedAttempts,
    @Inject(JobPublisher) private readonly publisher: JobPublisher,
  ) {}

  /**
   * Claims, runs and records. `until` is when the invocation has to be over, as `performance.now()` counts. Never throws for
   * a failure of the work; throws when the database cannot be reached.
   */
  async run(request: ClaimRequest, until: number): Promise<JobOutcome> {
    const context = systemContext(request.workspaceId, request.jobId);
    const ready = await claimReady(this.database, context, request);
    if (ready) return this.attempts.run(ready, until);
    const answer = await this.database.write(context, (manager) =>
      claimJob(manager, request, (type) => this.registry.find(type)?.definition ?? null));
    if (answer.kind === 'claimed') return this.attempts.run(answer.job, until);
    if (answer.kind === 'later') {
      await this.publisher.publish([wakeUpOf(answer.call)]);
      return { kind: 'later' };
    }
    return answer;
  }
}

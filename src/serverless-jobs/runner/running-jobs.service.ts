import { Inject, Injectable } from '@nestjs/common';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { RunEventStream } from '../run-events/run-event-stream.js';
import { AttemptEnding } from './attempt-ending.js';
import type { ClaimedJob } from './claimed-job.js';
import { RunningJob } from './running-job.js';

/** Makes what a handler is given of a claimed job, and takes it back. */
@Injectable()
export class RunningJobs {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AttemptEnding) private readonly ending: AttemptEnding,
    @Inject(RunEventStream) private readonly stream: RunEventStream,
  ) {}

  /** `signal` is aborted when the attempt is over; `deadline` is when its time is, as `performance.now()` counts. */
  begin(claimed: ClaimedJob, signal: AbortSignal, deadline: number, isStopping: () => boolean): RunningJob {
    return new RunningJob(this.database, systemContext(claimed.workspaceId, claimed.id), claimed, signal, deadline, this.ending, this.stream, isStopping);
  }

  async end(job: RunningJob): Promise<void> {
    job.events.stop();
    await this.database.release(job.context);
  }
}

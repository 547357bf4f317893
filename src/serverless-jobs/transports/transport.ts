import type { JobPriority } from '../definition/define-job.js';
import type { ClaimedJob } from '../runner/claimed-job.js';

/** Goes along with a call that two transports carry at the same time. */
export interface MirrorMark {
  /** Id of the call, the same on both transports. */
  readonly call: string;
  /** Whether this copy is only to be recorded. */
  readonly shadow: boolean;
}

/** What a wake-up call says: look at this job, or look for whatever is due. It carries ids only. */
export type WakeUpBody = ({ readonly workspaceId: string; readonly jobId: string; readonly wake: number } | { readonly drain: true }) & { readonly mirror?: MirrorMark };

/** A call to the runner. A lost, late, doubled or forged one does no harm. */
export interface WakeUp {
  /** The same for the same call, so that a transport may drop a repetition. */
  readonly id: string;
  readonly body: WakeUpBody;
  /** Not before this time. */
  readonly runAt: Date;
  readonly priority: JobPriority;
  /** Name of the job's definition; null where the call is for whatever is due. */
  readonly type: string | null;
}

/** How wake-up calls travel. A call that was accepted reaches the runner at least once, not before `runAt`. */
export abstract class Transport {
  /** Sends the calls; resolves with the transport's id of each, in order, null for one that was not accepted. Throws when none was. */
  abstract publish(calls: readonly WakeUp[]): Promise<(string | null)[]>;

  /** Whether this process would run a job of that name at once by itself, so that it may be enqueued as claimed and given to `runClaimed`. */
  hasRoomFor(_type: string): boolean {
    return false;
  }

  /** Begins a job that this process has claimed; what is lost with the process is found by the sweep. */
  runClaimed({ id }: ClaimedJob): void {
    throw new Error(`This transport runs no jobs: ${id}.`);
  }

  /** Whether a delivery that claims to come from this transport does. */
  abstract verify(delivery: Delivery): Promise<boolean>;

  /** Arranges a call of `path` at each time of the cron expression, once however often it is arranged. */
  abstract schedule(id: string, cron: string, path: string): Promise<void>;

  /** Ends the scheduled calls whose id begins with the prefix and is not among those that are kept; resolves with the ids that ended. */
  async unscheduleOthers(_prefix: string, _kept: readonly string[]): Promise<readonly string[]> {
    return [];
  }
}

export interface Delivery {
  readonly body: Buffer;
  readonly signature: string | undefined;
  /** Path and query below the public address, as they were published. */
  readonly path: string;
}

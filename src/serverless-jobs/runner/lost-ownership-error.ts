/** Another attempt has taken the job over, or it was cancelled or paused: this one may have no effect any more. */
export class LostOwnershipError extends Error {
  constructor(jobId: string, fence: number) {
    super(`The attempt with fence ${fence} no longer owns the background job ${jobId}.`);
    this.name = 'LostOwnershipError';
  }
}

/** Thrown through a handler that has come to the end of its time with work left; the job goes on in another invocation. */
export class YieldSignal extends Error {
  constructor() {
    super('The job goes on in another invocation.');
    this.name = 'YieldSignal';
  }
}

/** A wake-up call for one background job. It carries ids only, so that a lost, late or doubled one does no harm. */
export interface JobMessage {
  readonly workspaceId: string;
  readonly jobId: string;
  readonly wake: number;
  readonly runAt: Date;
}

/** How wake-up calls travel. A call that was accepted reaches the runner at least once, not before `runAt`. */
export abstract class Transport {
  /** Sends the messages; resolves with the transport's id of each, in order. Throws when none may have been accepted. */
  abstract publish(messages: readonly JobMessage[]): Promise<string[]>;

  /** Whether a delivery that claims to come from this transport does. */
  abstract verify(delivery: Delivery): Promise<boolean>;

  /** Arranges a call of `path` at each time of the cron expression, once however often it is arranged. */
  abstract schedule(id: string, cron: string, path: string): Promise<void>;
}

export interface Delivery {
  readonly body: Buffer;
  readonly signature: string | undefined;
  /** Path and query below the public address, as they were published. */
  readonly path: string;
}

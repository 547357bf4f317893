import { DiscoveryService } from '@nestjs/core';
import type { RequestContext } from '../../common/request-context.js';

/** A job that failed for good, at the moment it did. */
export interface DeadLetter {
  readonly jobId: string;
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/** Marks a class that is told of every dead letter, inside the transaction that makes it one. */
export const OnDeadLetter = DiscoveryService.createDecorator<true>();

/** Reacts to a dead letter. It should only note or enqueue: what it throws keeps the job from being recorded as dead. */
export interface DeadLetterListener {
  on(context: RequestContext, letter: DeadLetter): Promise<void>;
}

import { DiscoveryService } from '@nestjs/core';

/** Marks a class as a task of the daily call; the name is what `?task=` accepts. */
export const Scheduled = DiscoveryService.createDecorator<string>();

/** Something that is begun by the clock. It only enqueues, so that the call ends quickly and nothing is lost in the middle. */
export interface ScheduledTask {
  /** Begins the work of the day that `now` falls on; doing so again on that day must change nothing. Returns how much was begun. */
  start(now: Date): Promise<number>;
}

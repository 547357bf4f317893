import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { RequestContext } from '../../common/request-context.js';
import { OnDeadLetter, type DeadLetter, type DeadLetterListener } from './dead-letter.js';

/** Tells those who want to know that a job has failed for good. */
@Injectable()
export class DeadLetters implements OnModuleInit {
  private listeners: readonly DeadLetterListener[] = [];

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.listeners = this.discovery.getProviders({ metadataKey: OnDeadLetter.KEY }).map((wrapper) => wrapper.instance as DeadLetterListener);
  }

  /** Tells every listener inside the surrounding write. */
  async announce(context: RequestContext, letter: DeadLetter): Promise<void> {
    for (const listener of this.listeners) await listener.on(context, letter);
  }
}

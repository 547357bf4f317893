import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { WebhookEvents, type WebhookEvent, type WebhookEventSet } from './webhook-event.js';

/** All facts that features tell outside. */
@Injectable()
export class WebhookEventRegistry implements OnModuleInit {
  private byFact: ReadonlyMap<string, WebhookEvent> = new Map();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  /** Throws for a fact that is declared twice, or whose example is not what its fields say. */
  onModuleInit(): void {
    const found = this.discovery.getProviders({ metadataKey: WebhookEvents.KEY }).flatMap((wrapper) => (wrapper.instance as WebhookEventSet).events);
    const byFact = new Map<string, WebhookEvent>();
    for (const event of found) {
      if (byFact.has(event.on)) throw new Error(`The webhook event "${event.type}" is declared twice.`);
      event.data.parse(event.example);
      byFact.set(event.on, event);
    }
    this.byFact = byFact;
  }

  /** In the order of their types. */
  get all(): readonly WebhookEvent[] {
    return [...this.byFact.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  /** How the fact is told outside; null where it stays inside. */
  find(fact: string): WebhookEvent | null {
    return this.byFact.get(fact) ?? null;
  }

  has(type: string): boolean {
    return this.all.some((event) => event.type === type);
  }
}

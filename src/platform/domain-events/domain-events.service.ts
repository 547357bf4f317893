import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { EVERY_EVENT, OnDomainEvent, type DomainEvent, type DomainEventListener } from './domain-event.js';

/** Stores facts and tells those who react to them: the way from an earlier feature to a later one. */
@Injectable()
export class DomainEvents implements OnModuleInit {
  private readonly listeners = new Map<string, DomainEventListener[]>();

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(Database) private readonly database: Database,
  ) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: OnDomainEvent.KEY })) {
      const type = this.discovery.getMetadataByDecorator(OnDomainEvent, wrapper)!;
      this.listeners.set(type, [...(this.listeners.get(type) ?? []), wrapper.instance as DomainEventListener]);
    }
  }

  /** Stores the event in the surrounding write and lets every listener take part in it. */
  async emit(context: RequestContext, event: DomainEvent): Promise<void> {
    await this.database.write(context, async (manager) => {
      const id = newId();
      const [{ at }] = await manager.query<[{ at: Date }]>('INSERT INTO domain_event (id, workspace_id, type, subject_id, payload) VALUES ($1, $2, $3, $4, $5) RETURNING at', [
        id, context.workspace, event.type, event.subjectId, JSON.stringify(event.payload),
      ]);
      const stored = { ...event, id, at };
      for (const type of [event.type, EVERY_EVENT]) {
        for (const listener of this.listeners.get(type) ?? []) await listener.on(context, stored);
      }
    });
  }
}

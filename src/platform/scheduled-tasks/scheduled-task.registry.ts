import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Scheduled, type ScheduledTask } from './scheduled-task.js';

/** Finds the tasks of all features. */
@Injectable()
export class ScheduledTaskRegistry implements OnModuleInit {
  private readonly tasks = new Map<string, ScheduledTask>();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: Scheduled.KEY })) {
      const name = this.discovery.getMetadataByDecorator(Scheduled, wrapper)!;
      if (this.tasks.has(name)) throw new Error(`The scheduled task "${name}" exists twice.`);
      this.tasks.set(name, wrapper.instance as ScheduledTask);
    }
  }

  get names(): readonly string[] {
    return [...this.tasks.keys()].sort();
  }

  find(name: string): ScheduledTask | null {
    return this.tasks.get(name) ?? null;
  }
}

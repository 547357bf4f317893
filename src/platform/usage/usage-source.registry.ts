import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { METERS, type Meter } from '../../config/usage.js';
import { UsageSource, type MeteredUse } from './usage-meter.js';

/** Finds what knows the amounts of each meter. Boot fails where a meter has none or two. */
@Injectable()
export class UsageSourceRegistry implements OnModuleInit {
  private readonly sources = new Map<Meter, MeteredUse>();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: UsageSource.KEY })) {
      const meter = this.discovery.getMetadataByDecorator(UsageSource, wrapper)!;
      if (this.sources.has(meter)) throw new Error(`The meter "${meter}" has two sources.`);
      this.sources.set(meter, wrapper.instance as MeteredUse);
    }
    for (const meter of METERS) if (!this.sources.has(meter)) throw new Error(`The meter "${meter}" has no source.`);
  }

  get(meter: Meter): MeteredUse {
    return this.sources.get(meter)!;
  }
}

import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobUsage } from './job-usage.js';
import { MeterUsage, MeterUsageTask } from './meter-usage.handler.js';
import { UsageResolver } from './usage.resolver.js';
import { UsageService } from './usage.service.js';
import { UsageSourceRegistry } from './usage-source.registry.js';

/** Meters what each workspace uses. */
@Module({ imports: [DiscoveryModule], providers: [UsageService, UsageSourceRegistry, UsageResolver, JobUsage, MeterUsage, MeterUsageTask] })
export class UsageModule {}

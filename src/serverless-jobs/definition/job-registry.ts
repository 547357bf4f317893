import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { definedJobs, type JobDefinition } from './define-job.js';
import { JobHandler, type JobWork } from './job-handler.js';

/** Problems that make a start impossible: a definition without a handler or with two. Pure, for tests. */
export function registryProblems(defined: readonly string[], handled: readonly string[]): string[] {
  const count = (name: string): number => handled.filter((candidate) => candidate === name).length;
  return [
    ...defined.filter((name) => count(name) === 0).map((name) => `the background job "${name}" has no handler`),
    ...[...new Set(handled)].filter((name) => count(name) > 1).map((name) => `the background job "${name}" has ${count(name)} handlers`),
  ];
}

/** Knows the handler of each kind of background work. The application does not start when one is missing or doubled. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly handlers = new Map<string, JobWork>();
  private readonly definitions = new Map<string, JobDefinition>();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const found = this.discovery.getProviders({ metadataKey: JobHandler.KEY }).map((wrapper) => ({
      definition: this.discovery.getMetadataByDecorator(JobHandler, wrapper)!,
      work: wrapper.instance as JobWork,
    }));
    const problems = registryProblems(definedJobs().map((definition) => definition.name), found.map(({ definition }) => definition.name));
    if (problems.length > 0) throw new Error(`Perch does not start: ${problems.join('; ')}.`);
    for (const { definition, work } of found) {
      this.handlers.set(definition.name, work);
      this.definitions.set(definition.name, definition);
    }
  }

  find(name: string): { definition: JobDefinition; work: JobWork } | null {
    const definition = this.definitions.get(name);
    const work = this.handlers.get(name);
    return definition && work ? { definition, work } : null;
  }
}

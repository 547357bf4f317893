import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { definedJobs, type JobDefinition } from './define-job.js';
import { WorkflowHandler, type WorkflowWork } from '../workflows/workflow-handler.js';
import { JobHandler, type JobWork } from './job-handler.js';

/** A definition with the object that does its work: `handle` for a job, `run` for a workflow. */
export type RegisteredJob = { readonly definition: JobDefinition } & ({ readonly work: JobWork } | { readonly workflow: WorkflowWork });

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
  private readonly handlers = new Map<string, RegisteredJob>();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const found: readonly RegisteredJob[] = [
      ...this.discovery.getProviders({ metadataKey: JobHandler.KEY }).map((wrapper) => ({
        definition: this.discovery.getMetadataByDecorator(JobHandler, wrapper)!, work: wrapper.instance as JobWork,
      })),
      ...this.discovery.getProviders({ metadataKey: WorkflowHandler.KEY }).map((wrapper) => ({
        definition: this.discovery.getMetadataByDecorator(WorkflowHandler, wrapper)!, workflow: wrapper.instance as WorkflowWork,
      })),
    ];
    const problems = registryProblems(definedJobs().map((definition) => definition.name), found.map(({ definition }) => definition.name));
    for (const known of found) {
      const kind = 'workflow' in known ? 'workflow' : 'job';
      if (known.definition.kind !== kind) problems.push(`the ${known.definition.kind} "${known.definition.name}" has the handler of a ${kind}`);
      this.handlers.set(known.definition.name, known);
    }
    if (problems.length > 0) throw new Error(`Perch does not start: ${problems.join('; ')}.`);
  }

  find(name: string): RegisteredJob | null {
    return this.handlers.get(name) ?? null;
  }
}

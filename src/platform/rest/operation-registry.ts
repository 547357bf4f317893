import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { OperationList } from '../../protocols/rest/operation-list.js';
import { RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';

/** Finds the operations of all features. */
@Injectable()
export class OperationRegistry implements OnModuleInit {
  private found: OperationList | null = null;

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  /** Throws at start for operations that are declared twice. */
  onModuleInit(): void {
    const sets = this.discovery.getProviders({ metadataKey: RestOperations.KEY }).map(({ instance }) => instance as OperationSet);
    this.found = new OperationList(sets.flatMap(({ operations }) => operations));
  }

  get list(): OperationList {
    if (!this.found) throw new Error('Operations were asked for before the application had started.');
    return this.found;
  }
}

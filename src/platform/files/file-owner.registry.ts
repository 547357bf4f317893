import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { FileOwner, type FileRows } from './file-owner.js';

/** Finds the owners of files of all features. */
@Injectable()
export class FileOwnerRegistry implements OnModuleInit {
  private readonly owners = new Map<string, FileRows>();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: FileOwner.KEY })) {
      const kind = this.discovery.getMetadataByDecorator(FileOwner, wrapper)!;
      if (this.owners.has(kind)) throw new Error(`The files "${kind}" have two owners.`);
      this.owners.set(kind, wrapper.instance as FileRows);
    }
  }

  get kinds(): readonly string[] {
    return [...this.owners.keys()].sort();
  }

  get all(): readonly FileRows[] {
    return [...this.owners.values()];
  }

  get(kind: string): FileRows {
    const owner = this.owners.get(kind);
    if (!owner) throw new Error(`Nobody owns the files "${kind}".`);
    return owner;
  }
}

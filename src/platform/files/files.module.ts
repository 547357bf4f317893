import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FileDelivery } from './file-delivery.service.js';
import { FileOwnerRegistry } from './file-owner.registry.js';
import { FilesDoor } from './files.door.js';
import { SweepFiles, SweepFilesTask } from './sweep-files.handler.js';

@Module({ imports: [DiscoveryModule], providers: [FileOwnerRegistry, FileDelivery, FilesDoor, SweepFilesTask, SweepFiles] })
export class FilesModule {}

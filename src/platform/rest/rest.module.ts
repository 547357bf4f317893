import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { OperationRegistry } from './operation-registry.js';
import { OperationCalls } from './operation-calls.service.js';
import { RestDoor } from './rest.door.js';

@Module({ imports: [DiscoveryModule], providers: [OperationRegistry, OperationCalls, RestDoor] })
export class RestModule {}

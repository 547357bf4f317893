import { Module } from '@nestjs/common';
import { HealthDoor } from './health.door.js';

@Module({ providers: [HealthDoor] })
export class HealthModule {}

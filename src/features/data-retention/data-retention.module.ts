import { Module } from '@nestjs/common';
import { CleanUpTask, CleanUpWorkspace } from './clean-up.js';

@Module({ providers: [CleanUpTask, CleanUpWorkspace] })
export class DataRetentionModule {}

import { Module } from '@nestjs/common';
import { PipelinesController } from './pipelines.controller.js';
import { PipelineResolver } from './pipeline.resolver.js';
import { PipelineService } from './pipeline.service.js';

@Module({ providers: [PipelinesController, PipelineService, PipelineResolver], exports: [PipelineService] })
export class PipelinesModule {}

import { Module } from '@nestjs/common';
import { CareersPageResolver } from './careers-page.resolver.js';
import { CareersPageService } from './careers-page.service.js';

@Module({ providers: [CareersPageService, CareersPageResolver], exports: [CareersPageService] })
export class CareersPageModule {}

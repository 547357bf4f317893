import { Module } from '@nestjs/common';
import { DocumentsModule } from '../recruiting/documents/documents.module.js';
import { ModelSpending } from './model-spending.service.js';
import { OptimizeResumeWorkflow } from './resume-optimization.workflow.js';
import { ApplicationVariantsResolver, ResumeVariantResolver } from './resume-variant.resolver.js';
import { ModelTokenUsage } from './model-usage.js';
import { ResumeVariantService } from './resume-variant.service.js';
import { SectionWriter } from './sections/section-writer.service.js';
import { VariantDocuments } from './variant-documents.service.js';
import { ResumeOptimizationTools } from './resume-optimization.tools.js';

@Module({
  imports: [DocumentsModule],
  providers: [ResumeOptimizationTools, ModelSpending, ModelTokenUsage, SectionWriter, VariantDocuments, ResumeVariantService, OptimizeResumeWorkflow, ResumeVariantResolver, ApplicationVariantsResolver],
})
export class ResumeOptimizationModule {}

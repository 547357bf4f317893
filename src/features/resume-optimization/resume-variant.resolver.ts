import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { RequirePermission } from '../../platform/access-control/authorize.js';
import { Caller } from '../../protocols/graphql/caller.js';
import { BackgroundJob } from '../../serverless-jobs/entities/background-job.entity.js';
import { ApplicationModel } from '../recruiting/applications/application.model.js';
import { CandidateDocument } from '../recruiting/documents/document.entity.js';
import { DocumentModel } from '../recruiting/documents/document.model.js';
import { readDocuments } from '../recruiting/documents/documents.permissions.js';
import { compareRecords, type LineDiff } from '../resume-analysis/documents/compare-records.js';
import { ModelCallRecord } from './model-call.entity.js';
import { optimizeResumes } from './resume-optimization.permissions.js';
import { ResumeVariant } from './resume-variant.entity.js';
import { ModelCallModel, ResumeVariantModel, ResumeVariantResultModel, ResumeVariantStateModel, type LineDiffModel } from './resume-variant.model.js';
import { ResumeVariantService, variantStatus } from './resume-variant.service.js';

const shownLine = (line: LineDiff): LineDiffModel => ({ kind: line.kind, parts: line.kind === 'changed' ? [...line.parts] : [{ kind: line.kind, text: line.text }] });

@Resolver(() => ResumeVariantModel)
export class ResumeVariantResolver {
  constructor(
    @Inject(ResumeVariantService) private readonly variants: ResumeVariantService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  @Mutation(() => ResumeVariantModel, { description: 'Rewrites the resume of an application for its job. Where that is under way already, its variant is returned.' })
  @RequirePermission(optimizeResumes)
  optimizeResume(@Caller() context: RequestContext, @Args('applicationId', { type: () => ID }) applicationId: string): Promise<ResumeVariant> {
    return this.variants.start(context, applicationId);
  }

  @Mutation(() => ResumeVariantModel)
  @RequirePermission(optimizeResumes)
  cancelResumeOptimization(@Caller() context: RequestContext, @Args('variantId', { type: () => ID }) variantId: string): Promise<ResumeVariant> {
    return this.variants.cancel(context, variantId);
  }

  @Mutation(() => ResumeVariantModel, { description: 'Goes on from the step that failed, or does a step and all after it once more.' })
  @RequirePermission(optimizeResumes)
  retryResumeOptimization(@Caller() context: RequestContext, @Args('variantId', { type: () => ID }) variantId: string, @Args('fromStep', { type: () => String, nullable: true }) fromStep: string | null): Promise<ResumeVariant> {
    return this.variants.retry(context, variantId, fromStep ?? null);
  }

  @Query(() => ResumeVariantModel)
  @RequirePermission(readDocuments)
  resumeVariant(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<ResumeVariant> {
    return this.variants.get(context, id);
  }

  @Query(() => ResumeVariantResultModel, { nullable: true, description: 'What has become of it; null until it is ready.' })
  @RequirePermission(readDocuments)
  async resumeVariantResult(@Caller() context: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<ResumeVariantResultModel | null> {
    const found = await this.variants.result(context, id);
    if (found === null) return null;
    const { source, record, letter, findings } = found;
    return {
      diff: compareRecords(source.record, record).map(({ heading, changed, lines }) => ({ heading, changed, lines: lines.map(shownLine) })),
      letter: [...letter], kept: findings.kept.map((claim) => ({ ...claim, quotes: [...claim.quotes] })), refused: [...findings.refused], instructions: [...findings.instructions], misread: [...findings.misread],
    };
  }

  @ResolveField(() => ResumeVariantStateModel)
  async state(@Caller() context: RequestContext, @Parent() variant: ResumeVariant): Promise<ResumeVariantStateModel> {
    const run = await this.loader.byId(context, BackgroundJob, variant.runId);
    const status = variantStatus(variant, run?.state ?? null);
    return { status, percent: status === 'ready' ? 100 : (run?.progressPercent ?? 0), step: run?.progressMessage ?? null, problem: status === 'failed' ? (run?.errorMessage ?? 'The run is no longer there.') : null };
  }

  @ResolveField(() => [ModelCallModel], { description: 'The calls of the language model for it, in order.' })
  async modelCalls(@Caller() context: RequestContext, @Parent() variant: ResumeVariant): Promise<ModelCallRecord[]> {
    const calls = await this.loader.manyBy(context, ModelCallRecord, 'resumeVariantId', variant.id);
    return calls.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  @ResolveField(() => [DocumentModel], { description: 'Resume and cover letter as DOCX and PDF; none until they are written.' })
  async documents(@Caller() context: RequestContext, @Parent() variant: ResumeVariant): Promise<CandidateDocument[]> {
    const found = await Promise.all(variant.documentIds.map((id) => this.loader.byId(context, CandidateDocument, id)));
    return found.filter((document) => document !== null);
  }
}

@Resolver(() => ApplicationModel)
export class ApplicationVariantsResolver {
  constructor(@Inject(EntityLoader) private readonly loader: EntityLoader) {}

  @ResolveField(() => [ResumeVariantModel], { description: 'The newest first; none without the right documents.read.' })
  async resumeVariants(@Caller() context: RequestContext, @Parent() application: ApplicationModel): Promise<ResumeVariant[]> {
    if (!context.can(readDocuments)) return [];
    const variants = await this.loader.manyBy(context, ResumeVariant, 'applicationId', application.id);
    return variants.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }
}

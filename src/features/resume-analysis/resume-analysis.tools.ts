import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineTool, McpTools, type ToolAnswer, type ToolSet } from '../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT } from '../../protocols/mcp/tool-page.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { readDocuments } from '../recruiting/documents/documents.permissions.js';
import { analyzeResumes } from './resume-analysis.permissions.js';
import { ResumeAnalysisService } from './resume-analysis.service.js';
import { ScoreRun } from './score-run.entity.js';

@Injectable()
@McpTools()
export class ResumeAnalysisTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'get_score', description: "Why an application scores what it does: points a criterion, with the resume's words, and what did not count.", permission: readDocuments, effect: 'read',
      input: z.object({ application_id: ID_INPUT }), run: (context, { application_id: id }) => this.score(context, id),
    }),
    defineTool({
      name: 'analyze_resume', description: "Reads and scores an application's resume again, in the background; follow it with get_background_job.", permission: analyzeResumes, effect: 'change',
      input: z.object({ application_id: ID_INPUT }), run: async (context, { application_id: id }) => ({ result: { backgroundJobId: await this.analyses.analyzeAgain(context, id) } }),
    }),
  ];

  constructor(
    @Inject(ResumeAnalysisService) private readonly analyses: ResumeAnalysisService,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async score(context: RequestContext, applicationId: string): Promise<ToolAnswer> {
    const { scoreRunId } = await this.applications.get(context, applicationId);
    const run = await this.loader.byId(context, ScoreRun, scoreRunId);
    if (!run) throw new DomainError('NOT_SCORED', 'This application has no score yet.', 409);
    const parts = run.parts.map(({ label, points, maximum, evidence }): JsonObject => compact({ label, points, of: maximum, line: evidence?.line ?? null }));
    const quotes = run.parts.flatMap(({ evidence }) => (evidence ? [{ line: evidence.line, text: evidence.quote }] : []));
    return { result: compact({ score: run.score, parts, untrusted: { quotes, notCounted: run.flags.map(({ kind, quote }) => ({ kind, text: quote })) } }) };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import { defineTool, McpTools, type ToolSet } from '../../protocols/mcp/mcp-tool.js';
import { ID_INPUT } from '../../protocols/mcp/tool-page.js';
import { readDocuments } from '../recruiting/documents/documents.permissions.js';
import { optimizeResumes } from './resume-optimization.permissions.js';
import { ResumeVariantService } from './resume-variant.service.js';

@Injectable()
@McpTools()
export class ResumeOptimizationTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'optimize_resume', description: "Rewrites an application's resume for its job, in the background, without inventing anything; follow it with get_background_job.",
      permission: optimizeResumes, effect: 'change', input: z.object({ application_id: ID_INPUT }),
      run: async (context, { application_id: applicationId }) => {
        const { id, runId } = await this.variants.start(context, applicationId);
        return { result: { variantId: id, backgroundJobId: runId } };
      },
    }),
    defineTool({
      name: 'get_optimized_resume', description: 'A rewritten resume: what was refused and why, the letter, and its documents (GET /api/files/{id}).', permission: readDocuments, effect: 'read',
      input: z.object({ variant_id: ID_INPUT }),
      run: async (context, { variant_id: id }) => {
        const { documentIds } = await this.variants.get(context, id);
        const found = await this.variants.result(context, id);
        if (!found) throw new DomainError('NOT_READY', 'The resume is not written yet. Ask get_background_job how far it is.', 409, true);
        const refused = found.findings.refused.map(({ section, text, reason, what }) => ({ section, text, reason, what }));
        return { result: { documents: [...documentIds], untrusted: { letter: [...found.letter], refused } } };
      },
    }),
  ];

  constructor(@Inject(ResumeVariantService) private readonly variants: ResumeVariantService) {}
}

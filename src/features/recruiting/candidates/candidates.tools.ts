import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../../common/errors.js';
import type { JsonObject } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineTool, McpTools, type ToolAnswer, type ToolSet } from '../../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT, PAGE_INPUT, pageAnswer, pageOf } from '../../../protocols/mcp/tool-page.js';
import { Person } from '../../people/person.entity.js';
import { Candidate } from './candidate.entity.js';
import { CandidateService } from './candidate.service.js';
import { readCandidates } from './candidates.permissions.js';

@Injectable()
@McpTools()
export class CandidatesTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'find_candidates', description: 'Candidates by name, title or a skill, the newest first.', permission: readCandidates, effect: 'read',
      input: z.object({ text: z.string().max(200).optional(), skill: z.string().max(100).optional(), ...PAGE_INPUT }),
      run: async (context, { text, skill, ...page }) =>
        pageAnswer(await this.candidates.list(context, { text: text ?? null, skill: skill ?? null }, 'NEWEST', pageOf(page)), (candidate) => this.short(context, candidate)),
    }),
    defineTool({ name: 'get_candidate', description: 'One candidate with skills and years of experience.', permission: readCandidates, effect: 'read', input: z.object({ id: ID_INPUT }), run: (context, { id }) => this.get(context, id) }),
  ];

  readonly resources = [{ uri: 'perch://candidates/{id}', name: 'candidate', description: 'One candidate.', tool: 'get_candidate' }];

  constructor(
    @Inject(CandidateService) private readonly candidates: CandidateService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async short(context: RequestContext, { id, personId, currentTitle, yearsExperience }: Candidate): Promise<JsonObject> {
    const person = await this.loader.byId(context, Person, personId);
    return { id, name: person?.displayName ?? null, title: currentTitle, years: yearsExperience };
  }

  private async get(context: RequestContext, id: string): Promise<ToolAnswer> {
    const candidate = await this.loader.byId(context, Candidate, id);
    if (!candidate) throw notFound('The candidate');
    return { result: compact({ ...(await this.short(context, candidate)), personId: candidate.personId, skills: candidate.skills }) };
  }
}

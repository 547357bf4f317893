import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../../common/errors.js';
import type { RequestContext } from '../../../common/request-context.js';
import { EntityLoader } from '../../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, SEARCH_TEXT, TIME, timeText } from '../../../protocols/rest/rest-schemas.js';
import { Person } from '../../people/person.entity.js';
import { Candidate } from './candidate.entity.js';
import { CandidateService } from './candidate.service.js';
import { readCandidates, readSalary, writeCandidates } from './candidates.permissions.js';

const CANDIDATE = named('Candidate', {
  id: ID, personId: ID, displayName: z.string().nullable(), currentTitle: z.string().nullable(), yearsExperience: z.number().nullable(), skills: z.array(z.string()),
  salaryExpectation: z.string().nullable().describe('Null without the permission candidates.salary.read.'), version: z.int(), createdAt: TIME, updatedAt: TIME,
});
const QUERY = z.object({
  text: SEARCH_TEXT.optional().describe('Part of the name, of the current title, or of an e-mail address that you may see.'), skill: SEARCH_TEXT.optional().describe('A skill, exactly.'),
  sort: z.enum(['newest', 'name']).default('newest'), ...PAGE_QUERY,
});

@Injectable()
@RestOperations()
export class CandidatesController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listCandidates', method: 'GET', path: '/candidates', tag: 'Candidates', summary: 'Lists candidates.', permission: readCandidates, query: QUERY, answer: pageSchema('CandidatePage', CANDIDATE),
      run: async (context, { query: { text, skill, sort, ...page } }) =>
        pageAnswer(await this.candidates.list(context, { text: text ?? null, skill: skill ?? null }, sort === 'name' ? 'NAME' : 'NEWEST', pageOf(page)), (candidate) => this.shown(context, candidate)),
    }),
    defineOperation({ name: 'getCandidate', method: 'GET', path: '/candidates/{id}', tag: 'Candidates', summary: 'Reads one candidate.', permission: readCandidates, answer: CANDIDATE, run: (context, { id }) => this.get(context, id) }),
    defineOperation({
      name: 'createCandidate', method: 'POST', path: '/candidates', tag: 'Candidates', summary: 'Makes a known person a candidate.', permission: writeCandidates, status: 201, location: { path: '/candidates/{id}', member: 'id' },
      body: z.object({ personId: ID }), answer: CANDIDATE, run: async (context, { body: { personId } }) => this.shown(context, await this.candidates.create(context, personId)),
    }),
  ];

  constructor(
    @Inject(CandidateService) private readonly candidates: CandidateService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<z.input<typeof CANDIDATE>> {
    const candidate = await this.loader.byId(context, Candidate, id);
    if (!candidate) throw notFound('The candidate');
    return this.shown(context, candidate);
  }

  private async shown(context: RequestContext, candidate: Candidate): Promise<z.input<typeof CANDIDATE>> {
    const { id, personId, currentTitle = null, yearsExperience = null, skills, salaryExpectation = null, version, createdAt, updatedAt } = candidate;
    const person = await this.loader.byId(context, Person, personId);
    return {
      id, personId, displayName: person?.displayName ?? null, currentTitle, yearsExperience, skills, salaryExpectation: context.can(readSalary) ? salaryExpectation : null,
      version, createdAt: timeText(createdAt), updatedAt: timeText(updatedAt),
    };
  }
}

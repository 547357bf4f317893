import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, SEARCH_TEXT, TIME, timeText } from '../../protocols/rest/rest-schemas.js';
import { readCompanies, writeCompanies } from './companies.permissions.js';
import { Company } from './company.entity.js';
import { COMPANY_INPUT, CompanyService } from './company.service.js';

const STATUS = z.enum(['prospect', 'client', 'former']);
const COMPANY = named('Company', {
  id: ID, name: z.string(), domain: z.string().nullable(), industry: z.string().nullable(), location: z.string().nullable(), status: STATUS, version: z.int(), createdAt: TIME, updatedAt: TIME,
});
const QUERY = z.object({ text: SEARCH_TEXT.optional().describe('Part of the name or domain.'), status: STATUS.optional(), sort: z.enum(['name', 'newest']).default('name'), ...PAGE_QUERY });

const shown = ({ id, name, domain, industry, location, status, version, createdAt, updatedAt }: Company): z.input<typeof COMPANY> =>
  ({ id, name, domain, industry, location, status, version, createdAt: timeText(createdAt), updatedAt: timeText(updatedAt) });

@Injectable()
@RestOperations()
export class CompaniesController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listCompanies', method: 'GET', path: '/companies', tag: 'Companies', summary: 'Lists companies.', permission: readCompanies, query: QUERY, answer: pageSchema('CompanyPage', COMPANY),
      run: async (context, { query: { text, status, sort, ...page } }) =>
        pageAnswer(await this.companies.list(context, { text: text ?? null, status: status ?? null }, sort === 'name' ? 'NAME' : 'NEWEST', pageOf(page)), shown),
    }),
    defineOperation({ name: 'getCompany', method: 'GET', path: '/companies/{id}', tag: 'Companies', summary: 'Reads one company.', permission: readCompanies, answer: COMPANY, run: async (context, { id }) => shown(await this.get(context, id)) }),
    defineOperation({
      name: 'createCompany', method: 'POST', path: '/companies', tag: 'Companies', summary: 'Makes a company.', permission: writeCompanies, status: 201, location: { path: '/companies/{id}', member: 'id' }, body: COMPANY_INPUT, answer: COMPANY,
      run: async (context, { body }) => shown(await this.companies.create(context, body)),
    }),
    defineOperation({
      name: 'replaceCompany', method: 'PUT', path: '/companies/{id}', tag: 'Companies', summary: 'Replaces what is known of a company.', permission: writeCompanies, precondition: 'required', body: COMPANY_INPUT, answer: COMPANY,
      run: async (context, { id, body, version }) => shown(await this.companies.update(context, id, version ?? (await this.get(context, id)).version, body)),
    }),
  ];

  constructor(
    @Inject(CompanyService) private readonly companies: CompanyService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<Company> {
    const company = await this.loader.byId(context, Company, id);
    if (!company) throw notFound('The company');
    return company;
  }
}

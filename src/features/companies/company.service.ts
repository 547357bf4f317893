import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { DomainError, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { optionalShortText, parseInput, shortText } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { isUniqueViolation } from '../../infrastructure/database/database-errors.js';
import { containing, listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { AuditLog } from '../../platform/audit-log/audit-log.service.js';
import { Company, type CompanyStatus } from './company.entity.js';
import type { CompanySort } from './company.model.js';

/** What a company is made of. */
export const COMPANY_INPUT = z.object({
  name: shortText,
  domain: z.string().trim().toLowerCase().max(253).regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'is not a domain name like example.com').nullish().transform((value) => value ?? null),
  industry: optionalShortText,
  location: optionalShortText,
  status: z.enum(['prospect', 'client', 'former']).default('prospect'),
});

const SORTS: Readonly<Record<CompanySort, SortOrder>> = {
  NAME: { name: 'name', expression: 'company.name', type: 'text', descending: false },
  NEWEST: { name: 'newest', expression: 'company.created_at', type: 'timestamptz', descending: true },
};

export interface CompanyQuery {
  readonly text?: string | null;
  readonly status?: CompanyStatus | null;
}

@Injectable()
export class CompanyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  list(context: RequestContext, filter: CompanyQuery, sort: CompanySort, page: PageArguments): Promise<Connection<Company>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<Company> => {
        const builder = manager.getRepository(Company).createQueryBuilder('company').where('company.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.text) builder.andWhere('(company.name ILIKE :text OR company.domain ILIKE :text)', { text: containing(filter.text) });
        if (filter.status) builder.andWhere('company.status = :status', { status: filter.status });
        return builder;
      };
      return toConnection(await listPage(query(), SORTS[sort], page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Throws INVALID_INPUT, or DOMAIN_TAKEN where another company of the workspace has the domain. */
  async create(context: RequestContext, input: z.input<typeof COMPANY_INPUT>): Promise<Company> {
    const values = parseInput(COMPANY_INPUT, input);
    return this.database.write(context, async (manager) => {
      const company = manager.getRepository(Company).create({ id: newId(), workspaceId: context.workspace, ...values, createdAt: new Date(), updatedAt: new Date() });
      await manager.save(company).catch((error: unknown) => this.translate(error));
      await this.auditLog.record(context, 'company.create', { type: 'company', id: company.id }, { name: company.name });
      return company;
    });
  }

  /** Replaces the fields. Throws NOT_FOUND, or VERSION_CONFLICT where somebody changed the company since it was read. */
  async update(context: RequestContext, id: string, version: number, input: z.input<typeof COMPANY_INPUT>): Promise<Company> {
    const values = parseInput(COMPANY_INPUT, input);
    return this.database.write(context, async (manager) => {
      const company = await manager.getRepository(Company).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!company) throw notFound('The company');
      if (company.version !== version) throw new DomainError('VERSION_CONFLICT', 'Somebody changed this company in the meantime. Load it again.', 409);
      Object.assign(company, values, { updatedAt: new Date() });
      await manager.save(company).catch((error: unknown) => this.translate(error));
      await this.auditLog.record(context, 'company.update', { type: 'company', id }, values);
      return company;
    });
  }

  private translate(error: unknown): never {
    if (isUniqueViolation(error, 'company_domain')) throw new DomainError('DOMAIN_TAKEN', 'Another company already has this domain.', 409, false, { field: 'domain' });
    throw error;
  }
}

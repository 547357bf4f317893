import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput } from '../../common/errors.js';
import { isId, newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { idText, optionalShortText, parseInput, shortText } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { containing, listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { AuditLog } from '../../platform/audit-log/audit-log.service.js';
import { Company } from '../companies/company.entity.js';
import { emailText, normaliseEmail, normalisePhone, phoneText } from './contact-details.js';
import { PersonEmail } from './person-email.entity.js';
import { PersonPhone } from './person-phone.entity.js';
import { Person } from './person.entity.js';
import type { PersonSort } from './person.model.js';

/** What a new person is made of. */
export const PERSON_INPUT = z.object({
  displayName: shortText,
  email: emailText.nullish(),
  phone: phoneText.nullish(),
  headline: optionalShortText,
  location: optionalShortText,
  companyId: idText.nullish(),
});
export type NewPerson = z.input<typeof PERSON_INPUT>;

const SORTS: Readonly<Record<PersonSort, SortOrder>> = {
  NAME: { name: 'name', expression: 'person.display_name', type: 'text', descending: false },
  NEWEST: { name: 'newest', expression: 'person.created_at', type: 'timestamptz', descending: true },
};

@Injectable()
export class PersonService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  list(context: RequestContext, filter: { text?: string | null; companyId?: string | null }, sort: PersonSort, page: PageArguments): Promise<Connection<Person>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<Person> => {
        const builder = manager.getRepository(Person).createQueryBuilder('person').where('person.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.text) builder.andWhere('person.display_name ILIKE :text', { text: containing(filter.text) });
        if (filter.companyId) builder.andWhere('person.company_id = :company', { company: isId(filter.companyId) ? filter.companyId : null });
        return builder;
      };
      return toConnection(await listPage(query(), SORTS[sort], page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Throws INVALID_INPUT, or EMAIL_TAKEN where somebody in the workspace has the address. */
  async create(context: RequestContext, input: NewPerson): Promise<Person> {
    const values = parseInput(PERSON_INPUT, input);
    return this.database.write(context, async (manager) => {
      if (values.email && (await this.findByEmail(manager, values.email))) {
        throw new DomainError('EMAIL_TAKEN', 'Somebody with this e-mail address is already known.', 409, false, { field: 'email' });
      }
      if (values.companyId && !(await manager.existsBy(Company, { id: values.companyId }))) throw invalidInput('The company was not found.', 'companyId');
      const person = await this.insert(context, manager, values);
      await this.auditLog.record(context, 'person.create', { type: 'person', id: person.id }, { displayName: person.displayName });
      return person;
    });
  }

  /** The person with the e-mail address, made where there is none; a new phone number is added to a known person. */
  async findOrCreate(context: RequestContext, input: NewPerson & { email: string }): Promise<Person> {
    const values = parseInput(PERSON_INPUT, input);
    return this.database.write(context, async (manager) => {
      const address = normaliseEmail(input.email);
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`person ${context.workspace} ${address}`]);
      const known = await this.findByEmail(manager, address);
      if (!known) return this.insert(context, manager, values);
      if (values.phone) await this.addPhone(context, manager, known.id, values.phone, false);
      return known;
    });
  }

  private async findByEmail(manager: EntityManager, email: string): Promise<Person | null> {
    const found = await manager.getRepository(PersonEmail).findOneBy({ normalised: normaliseEmail(email) });
    return found && manager.getRepository(Person).findOneBy({ id: found.personId });
  }

  private async insert(context: RequestContext, manager: EntityManager, values: z.output<typeof PERSON_INPUT>): Promise<Person> {
    const { email, phone, companyId, ...own } = values;
    const person = manager.getRepository(Person).create({
      id: newId(), workspaceId: context.workspace, ...own, companyId: companyId ?? null, links: [], doNotContact: false, createdAt: new Date(), updatedAt: new Date(),
    });
    await manager.save(person);
    if (email) {
      await manager.insert(PersonEmail, { id: newId(), workspaceId: context.workspace, personId: person.id, address: email, normalised: normaliseEmail(email), isPrimary: true });
    }
    if (phone) await this.addPhone(context, manager, person.id, phone, true);
    return person;
  }

  private async addPhone(context: RequestContext, manager: EntityManager, personId: string, number: string, isPrimary: boolean): Promise<void> {
    const row = { id: newId(), workspaceId: context.workspace, personId, number, normalised: normalisePhone(number), isPrimary };
    await manager.createQueryBuilder().insert().into(PersonPhone).values(row).orIgnore().execute();
  }
}

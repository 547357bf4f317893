import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineOperation, RestOperations, type OperationSet } from '../../protocols/rest/rest-operation.js';
import { ID, named, PAGE_QUERY, pageAnswer, pageOf, pageSchema, SEARCH_TEXT, TIME, timeText } from '../../protocols/rest/rest-schemas.js';
import { readContactDetails, readPeople, writePeople } from './people.permissions.js';
import { PersonEmail } from './person-email.entity.js';
import { PersonPhone } from './person-phone.entity.js';
import { Person } from './person.entity.js';
import { PERSON_INPUT, PersonService } from './person.service.js';

const PERSON = named('Person', {
  id: ID, displayName: z.string(), headline: z.string().nullable(), location: z.string().nullable(), links: z.array(z.string()), companyId: ID.nullable(), doNotContact: z.boolean(),
  emails: z.array(z.string()).nullable().describe('The main one first; null without the permission people.contact.read.'), phones: z.array(z.string()).nullable().describe('As emails.'),
  version: z.int(), createdAt: TIME, updatedAt: TIME,
});
const QUERY = z.object({ text: SEARCH_TEXT.optional().describe('Part of the name.'), companyId: ID.optional(), sort: z.enum(['name', 'newest']).default('name'), ...PAGE_QUERY });

@Injectable()
@RestOperations()
export class PeopleController implements OperationSet {
  readonly operations = [
    defineOperation({
      name: 'listPeople', method: 'GET', path: '/people', tag: 'People', summary: 'Lists people.', permission: readPeople, query: QUERY, answer: pageSchema('PersonPage', PERSON),
      run: async (context, { query: { text, companyId, sort, ...page } }) =>
        pageAnswer(await this.people.list(context, { text: text ?? null, companyId: companyId ?? null }, sort === 'name' ? 'NAME' : 'NEWEST', pageOf(page)), (person) => this.shown(context, person)),
    }),
    defineOperation({ name: 'getPerson', method: 'GET', path: '/people/{id}', tag: 'People', summary: 'Reads one person.', permission: readPeople, answer: PERSON, run: (context, { id }) => this.get(context, id) }),
    defineOperation({
      name: 'createPerson', method: 'POST', path: '/people', tag: 'People', summary: 'Makes a person.', permission: writePeople, status: 201, location: { path: '/people/{id}', member: 'id' }, body: PERSON_INPUT, answer: PERSON,
      run: async (context, { body }) => this.shown(context, await this.people.create(context, body)),
    }),
  ];

  constructor(
    @Inject(PersonService) private readonly people: PersonService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<z.input<typeof PERSON>> {
    const person = await this.loader.byId(context, Person, id);
    if (!person) throw notFound('The person');
    return this.shown(context, person);
  }

  private async shown(context: RequestContext, person: Person): Promise<z.input<typeof PERSON>> {
    const { id, displayName, headline, location, links, companyId, doNotContact, version, createdAt, updatedAt } = person;
    const [emails, phones] = context.can(readContactDetails) ? await Promise.all([this.loader.manyBy(context, PersonEmail, 'personId', id), this.loader.manyBy(context, PersonPhone, 'personId', id)]) : [null, null];
    const mainFirst = (a: { isPrimary: boolean }, b: { isPrimary: boolean }): number => Number(b.isPrimary) - Number(a.isPrimary);
    return {
      id, displayName, headline, location, links, companyId, doNotContact, emails: emails?.sort(mainFirst).map(({ address }) => address) ?? null, phones: phones?.sort(mainFirst).map(({ number }) => number) ?? null,
      version, createdAt: timeText(createdAt), updatedAt: timeText(updatedAt),
    };
  }
}

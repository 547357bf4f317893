import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { notFound } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { EntityLoader } from '../../infrastructure/database/entity-loader.js';
import { defineTool, McpTools, type ToolAnswer, type ToolSet } from '../../protocols/mcp/mcp-tool.js';
import { compact, ID_INPUT, PAGE_INPUT, pageAnswer, pageOf } from '../../protocols/mcp/tool-page.js';
import { readContactDetails, readPeople } from './people.permissions.js';
import { PersonEmail } from './person-email.entity.js';
import { PersonPhone } from './person-phone.entity.js';
import { Person } from './person.entity.js';
import { PersonService } from './person.service.js';

@Injectable()
@McpTools()
export class PeopleTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'find_people', description: 'People by name, headline or e-mail address.', permission: readPeople, effect: 'read',
      input: z.object({ text: z.string().max(200).optional(), ...PAGE_INPUT }),
      run: async (context, { text, ...page }) => pageAnswer(await this.people.list(context, { text: text ?? null }, 'NAME', pageOf(page)), ({ id, displayName, headline, location }) => ({ id, name: displayName, headline, location })),
    }),
    defineTool({ name: 'get_person', description: 'One person with contact details, where you may see them.', permission: readPeople, effect: 'read', input: z.object({ id: ID_INPUT }), run: (context, { id }) => this.get(context, id) }),
  ];

  readonly resources = [{ uri: 'perch://people/{id}', name: 'person', description: 'One person.', tool: 'get_person' }];

  constructor(
    @Inject(PersonService) private readonly people: PersonService,
    @Inject(EntityLoader) private readonly loader: EntityLoader,
  ) {}

  private async get(context: RequestContext, id: string): Promise<ToolAnswer> {
    const person = await this.loader.byId(context, Person, id);
    if (!person) throw notFound('The person');
    const contact = context.can(readContactDetails);
    const emails = contact ? await this.loader.manyBy(context, PersonEmail, 'personId', id) : [];
    const phones = contact ? await this.loader.manyBy(context, PersonPhone, 'personId', id) : [];
    return {
      result: compact({
        id, name: person.displayName, headline: person.headline, location: person.location, links: person.links, emails: emails.map(({ address }) => address), phones: phones.map(({ number }) => number),
        doNotContact: person.doNotContact || null,
      }),
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { DomainError, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { containing, listPage, type PageArguments, type SortOrder } from '../../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../../protocols/graphql/connection.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { PersonEmail } from '../../people/person-email.entity.js';
import { Person } from '../../people/person.entity.js';
import { readContactDetails } from '../../people/people.permissions.js';
import { Candidate } from './candidate.entity.js';
import type { CandidateSort } from './candidate.model.js';

const SORTS: Readonly<Record<CandidateSort, SortOrder>> = {
  NEWEST: { name: 'newest', expression: 'candidate.created_at', type: 'timestamptz', descending: true },
  NAME: { name: 'name', expression: 'person.display_name', type: 'text', descending: false },
};

/** What a resume told about a candidate. */
export interface CandidateFacts {
  readonly currentTitle: string | null;
  readonly yearsExperience: number | null;
  readonly skills: readonly string[];
}

@Injectable()
export class CandidateService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  list(context: RequestContext, filter: { text?: string | null; skill?: string | null }, sort: CandidateSort, page: PageArguments): Promise<Connection<Candidate>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<Candidate> => {
        const builder = manager.getRepository(Candidate).createQueryBuilder('candidate')
          .innerJoin(Person, 'person', 'person.id = candidate.personId AND person.workspaceId = candidate.workspaceId')
          .where('candidate.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.text) {
          const byEmail = context.can(readContactDetails)
            ? ` OR EXISTS (${builder.subQuery().select('1').from(PersonEmail, 'email').where('email.person_id = person.id AND email.normalised LIKE :lower').getQuery()})` : '';
          builder.andWhere(`(person.display_name ILIKE :text OR candidate.current_title ILIKE :text${byEmail})`, { text: containing(filter.text), lower: containing(filter.text.toLowerCase()) });
        }
        if (filter.skill) builder.andWhere(':skill = ANY (candidate.skills)', { skill: filter.skill });
        return builder;
      };
      return toConnection(await listPage(query(), SORTS[sort], page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Makes a known person a candidate. Throws NOT_FOUND, or ALREADY_CANDIDATE where they are one. */
  create(context: RequestContext, personId: string): Promise<Candidate> {
    return this.database.write(context, async (manager) => {
      const person = isId(personId) ? await manager.findOne(Person, { where: { id: personId }, lock: { mode: 'pessimistic_write' } }) : null;
      if (!person) throw notFound('The person');
      if (await manager.existsBy(Candidate, { personId })) throw new DomainError('ALREADY_CANDIDATE', 'This person is a candidate already.', 409, false, { field: 'personId' });
      const candidate = await this.ensure(context, personId);
      await this.auditLog.record(context, 'candidate.create', { type: 'candidate', id: candidate.id }, { personId });
      return candidate;
    });
  }

  /** The candidate that the person is, made where there is none yet. */
  async ensure(context: RequestContext, personId: string): Promise<Candidate> {
    return this.database.write(context, async (manager) => {
      const repository = manager.getRepository(Candidate);
      const known = await repository.findOneBy({ personId });
      if (known) return known;
      return repository.save(repository.create({ id: newId(), workspaceId: context.workspace, personId, skills: [], createdAt: new Date(), updatedAt: new Date() }));
    });
  }

  /** Fills in what a resume tells. What it does not tell stays as it is. */
  async learn(context: RequestContext, id: string, facts: CandidateFacts): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      `UPDATE candidate SET current_title = coalesce($3, current_title), years_experience = coalesce($4, years_experience),
              skills = CASE WHEN cardinality($5::text[]) > 0 THEN $5::text[] ELSE skills END, version = version + 1, updated_at = now()
       WHERE workspace_id = $1 AND id = $2`,
      [context.workspace, id, facts.currentTitle, facts.yearsExperience, facts.skills],
    ));
  }
}

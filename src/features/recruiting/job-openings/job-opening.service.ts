import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { idText, longText, optionalShortText, parseInput, shortText } from '../../../common/validation.js';
import { Database } from '../../../infrastructure/database/database.js';
import { containing, listPage, type PageArguments, type SortOrder } from '../../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../../protocols/graphql/connection.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import { Company } from '../../companies/company.entity.js';
import { Pipeline } from '../../pipelines/pipeline.entity.js';
import { Criterion } from './criterion.entity.js';
import { JobOpening, type JobOpeningStatus } from './job-opening.entity.js';
import type { JobOpeningSort } from './job-opening.model.js';
import { JobPosting } from './job-posting.entity.js';

export const JOB_REQUIREMENTS = z.object({
  title: shortText,
  description: longText,
  minimumYears: z.number().min(0).max(60).nullish().transform((value) => value ?? null),
  criteria: z.array(z.object({ label: shortText, necessity: z.enum(['must', 'nice']) })).max(50).default([]),
});
export type NewRequirements = z.input<typeof JOB_REQUIREMENTS>;

export const JOB_OPENING_INPUT = JOB_REQUIREMENTS.extend({
  department: optionalShortText,
  location: optionalShortText,
  employmentType: z.enum(['FULL_TIME', 'PART_TIME', 'CONTRACTOR', 'TEMPORARY', 'INTERN']).default('FULL_TIME'),
  pipelineId: idText.nullish(),
  companyId: idText.nullish().transform((value) => value ?? null),
});
export type NewJobOpening = z.input<typeof JOB_OPENING_INPUT>;

const SORTS: Readonly<Record<JobOpeningSort, SortOrder>> = {
  NEWEST: { name: 'newest', expression: 'opening.created_at', type: 'timestamptz', descending: true },
  TITLE: { name: 'title', expression: 'opening.title', type: 'text', descending: false },
};

/** A part of an address made of a title: `Senior Engineer (m/f)` becomes `senior-engineer-m-f`. */
export function slugOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return plain === '' ? 'job' : plain;
}

@Injectable()
export class JobOpeningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
  ) {}

  list(context: RequestContext, filter: { text?: string | null; status?: JobOpeningStatus | null }, sort: JobOpeningSort, page: PageArguments): Promise<Connection<JobOpening>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<JobOpening> => {
        const builder = manager.getRepository(JobOpening).createQueryBuilder('opening').where('opening.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.text) builder.andWhere('opening.title ILIKE :text', { text: containing(filter.text) });
        if (filter.status) builder.andWhere('opening.status = :status', { status: filter.status });
        return builder;
      };
      return toConnection(await listPage(query(), SORTS[sort], page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Makes a draft. Throws INVALID_INPUT where the pipeline or company is not one of this workspace. */
  async create(context: RequestContext, input: NewJobOpening): Promise<JobOpening> {
    const { criteria, pipelineId, ...values } = parseInput(JOB_OPENING_INPUT, input);
    return this.database.write(context, async (manager) => {
      if (values.companyId && !(await manager.existsBy(Company, { id: values.companyId }))) throw invalidInput('The company was not found.', 'companyId');
      const opening = manager.create(JobOpening, {
        id: newId(), workspaceId: context.workspace, ...values, pipelineId: await this.pipelineFor(manager, pipelineId ?? null), status: 'draft',
        createdAt: new Date(), updatedAt: new Date(),
      });
      await manager.save(opening);
      await this.insertCriteria(manager, opening, criteria);
      await this.auditLog.record(context, 'job_opening.create', { type: 'job_opening', id: opening.id }, { title: opening.title });
      return opening;
    });
  }

  /**
   * Replaces what the job asks for; what was scored before keeps what it was scored by. The public page stays as it was
   * published. Throws NOT_FOUND, or VERSION_CONFLICT where somebody changed the job since it was read.
   */
  async changeRequirements(context: RequestContext, id: string, version: number, input: NewRequirements): Promise<JobOpening> {
    const { criteria, ...values } = parseInput(JOB_REQUIREMENTS, input);
    return this.database.write(context, async (manager) => {
      const opening = await this.lock(manager, id);
      if (opening.version !== version) throw new DomainError('VERSION_CONFLICT', 'Somebody has changed this job meanwhile. Load it again.', 409);
      Object.assign(opening, { ...values, updatedAt: new Date() });
      await manager.save(opening);
      await manager.delete(Criterion, { jobOpeningId: id });
      await this.insertCriteria(manager, opening, criteria);
      await this.auditLog.record(context, 'job_opening.change_requirements', { type: 'job_opening', id }, { title: values.title, minimumYears: values.minimumYears, criteria });
      await this.events.emit(context, { type: 'job_opening.requirements_changed', subjectId: id, payload: {} });
      return opening;
    });
  }

  /** Opens the job and puts its present text on the careers page; publishing again updates the page under the same address. */
  async publishPosting(context: RequestContext, jobOpeningId: string): Promise<JobPosting> {
    return this.database.write(context, async (manager) => {
      const opening = await this.lock(manager, jobOpeningId);
      if (opening.status === 'closed' || opening.status === 'archived') throw new DomainError('JOB_CLOSED', 'This job is closed. Open it again before you publish it.', 409);
      const known = await manager.findOneBy(JobPosting, { jobOpeningId });
      const now = new Date();
      const posting = manager.create(JobPosting, {
        ...(known ?? { id: newId(), workspaceId: context.workspace, jobOpeningId, createdAt: now, slug: await this.freeSlug(manager, opening.title) }),
        title: opening.title, description: opening.description, location: opening.location, employmentType: opening.employmentType,
        publishedAt: now, withdrawnAt: null,
      });
      await manager.save(posting);
      Object.assign(opening, { status: 'open', openedAt: opening.openedAt ?? now, closedAt: null, updatedAt: now });
      await manager.save(opening);
      await this.auditLog.record(context, 'job_posting.publish', { type: 'job_posting', id: posting.id }, { slug: posting.slug });
      await this.events.emit(context, { type: 'job_opening.published', subjectId: jobOpeningId, payload: {} });
      return posting;
    });
  }

  /** Closes the job and takes it off the careers page; its applications stay. Throws NOT_FOUND. */
  async close(context: RequestContext, jobOpeningId: string): Promise<JobOpening> {
    return this.database.write(context, async (manager) => {
      const opening = await this.lock(manager, jobOpeningId);
      const now = new Date();
      await manager.update(JobPosting, { jobOpeningId }, { withdrawnAt: now });
      Object.assign(opening, { status: 'closed', closedAt: now, updatedAt: now });
      await manager.save(opening);
      await this.auditLog.record(context, 'job_opening.close', { type: 'job_opening', id: opening.id });
      await this.events.emit(context, { type: 'job_opening.closed', subjectId: opening.id, payload: {} });
      return opening;
    });
  }

  private async insertCriteria(manager: EntityManager, { id, workspaceId }: JobOpening, criteria: z.output<typeof JOB_REQUIREMENTS>['criteria']): Promise<void> {
    const unique = new Map(criteria.map((criterion) => [criterion.label.toLowerCase(), criterion]));
    const rows = [...unique.values()].map((criterion, position) => ({ id: newId(), workspaceId, jobOpeningId: id, position, ...criterion }));
    if (rows.length > 0) await manager.insert(Criterion, rows);
  }

  private async lock(manager: EntityManager, id: string): Promise<JobOpening> {
    const opening = isId(id) ? await manager.getRepository(JobOpening).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
    if (!opening) throw notFound('The job');
    return opening;
  }

  private async pipelineFor(manager: EntityManager, id: string | null): Promise<string> {
    const pipeline = await manager.getRepository(Pipeline).findOne({ where: id === null ? {} : { id }, order: { createdAt: 'ASC' } });
    if (!pipeline) throw invalidInput(id === null ? 'Make a pipeline first.' : 'The pipeline was not found.', 'pipelineId');
    return pipeline.id;
  }

  private async freeSlug(manager: EntityManager, title: string): Promise<string> {
    const base = slugOf(title);
    return (await manager.existsBy(JobPosting, { slug: base })) ? `${base}-${newId().slice(-6)}` : base;
  }
}

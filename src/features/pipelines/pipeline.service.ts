import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput, shortText } from '../../common/validation.js';
import { isUniqueViolation } from '../../infrastructure/database/database-errors.js';
import { Database } from '../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../infrastructure/database/list-page.js';
import { toConnection, type Connection } from '../../protocols/graphql/connection.js';
import { AuditLog } from '../../platform/audit-log/audit-log.service.js';
import { Pipeline } from './pipeline.entity.js';
import { PipelineStage, type StageCategory } from './pipeline-stage.entity.js';

/** What a pipeline is made of. */
export const PIPELINE_INPUT = z.object({
  name: shortText,
  stages: z.array(z.object({ name: shortText, category: z.enum(['lead', 'applied', 'screen', 'interview', 'offer', 'hired', 'rejected']) })).min(2).max(30),
});

const OLDEST: SortOrder = { name: 'oldest', expression: 'pipeline.created_at', type: 'timestamptz', descending: false };

export const STANDARD_STAGES: readonly { readonly name: string; readonly category: StageCategory }[] = [
  { name: 'Applied', category: 'applied' }, { name: 'Screening', category: 'screen' }, { name: 'Interview', category: 'interview' },
  { name: 'Offer', category: 'offer' }, { name: 'Hired', category: 'hired' },
];

@Injectable()
export class PipelineService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
  ) {}

  list(context: RequestContext): Promise<Pipeline[]> {
    return this.database.read(context, (manager) => manager.getRepository(Pipeline).find({ order: { createdAt: 'ASC' }, take: 200 }));
  }

  /** One page of them, the oldest first. */
  page(context: RequestContext, page: PageArguments): Promise<Connection<Pipeline>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<Pipeline> => manager.getRepository(Pipeline).createQueryBuilder('pipeline').where('pipeline.workspace_id = :workspace', { workspace: context.workspace });
      return toConnection(await listPage(query(), OLDEST, page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Throws INVALID_INPUT without a stage of category "applied", where applications begin, or NAME_TAKEN. */
  async create(context: RequestContext, input: z.input<typeof PIPELINE_INPUT>): Promise<Pipeline> {
    const { name, stages } = parseInput(PIPELINE_INPUT, input);
    if (!stages.some((stage) => stage.category === 'applied')) throw invalidInput('A pipeline needs a stage of the category "applied".', 'stages');
    return this.database.write(context, async (manager) => {
      const pipeline = manager.getRepository(Pipeline).create({ id: newId(), workspaceId: context.workspace, name, createdAt: new Date() });
      await manager.save(pipeline).catch((error: unknown) => {
        if (isUniqueViolation(error)) throw new DomainError('NAME_TAKEN', 'Another pipeline already has this name.', 409, false, { field: 'name' });
        throw error;
      });
      await manager.insert(PipelineStage, stages.map((stage, position) => ({ id: newId(), workspaceId: context.workspace, pipelineId: pipeline.id, position, ...stage })));
      await this.auditLog.record(context, 'pipeline.create', { type: 'pipeline', id: pipeline.id }, { name });
      return pipeline;
    });
  }

  /** The stages in their order. */
  stages(context: RequestContext, pipelineId: string): Promise<PipelineStage[]> {
    return this.database.read(context, (manager) => manager.getRepository(PipelineStage).find({ where: { pipelineId }, order: { position: 'ASC' } }));
  }

  /** The stage where new applications begin. Throws NOT_FOUND for a pipeline of another workspace. */
  async firstStage(context: RequestContext, pipelineId: string): Promise<PipelineStage> {
    const stages = await this.stages(context, pipelineId);
    const first = stages.find((stage) => stage.category === 'applied');
    if (!first) throw notFound('The pipeline');
    return first;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { LanguageModel } from '../../infrastructure/language-model/language-model.js';
import type { ModelCost } from '../../infrastructure/language-model/model-usage.js';
import { ModelCallRecord } from './model-call.entity.js';

const SPENT = `
SELECT coalesce(sum(cost_usd) FILTER (WHERE resume_variant_id = $2), 0)::float8 AS run, coalesce(sum(cost_usd) FILTER (WHERE created_at >= date_trunc('month', now(), 'UTC')), 0)::float8 AS month
FROM model_call WHERE workspace_id = $1 AND (resume_variant_id = $2 OR created_at >= date_trunc('month', now(), 'UTC'))`;

/** A call that was made for a step of a variant's run. */
export interface MadeCall {
  readonly variantId: string;
  readonly step: string;
  readonly cost: ModelCost;
  readonly outcome: string;
}

/** Keeps account of what the language model costs, and within the budgets of a run and of a workspace's month. */
@Injectable()
export class ModelSpending {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LanguageModel) private readonly model: LanguageModel,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Throws MODEL_BUDGET_SPENT before a call that nothing is left for. Calls whose price is unknown count for nothing. */
  async assertBudget(context: RequestContext, variantId: string): Promise<void> {
    if (this.model.describe().deterministic) return;
    const { run, month } = this.environment.modelBudgets;
    const [spent] = await this.database.read(context, (manager) => manager.query<{ run: number; month: number }[]>(SPENT, [context.workspace, variantId]));
    await this.database.release(context);
    if (spent!.run >= run) throw new DomainError('MODEL_BUDGET_SPENT', `This run has used up its ${run} US dollars (PERCH_MODEL_RUN_BUDGET). Raise the budget, then retry the run.`, 402);
    if (spent!.month >= month) throw new DomainError('MODEL_BUDGET_SPENT', `The workspace has used up this month's ${month} US dollars (PERCH_MODEL_MONTH_BUDGET). Raise the budget or wait for the next month, then retry the run.`, 402);
  }

  /** Notes a call in the surrounding write, or in one of its own. */
  async record(context: RequestContext, { variantId, step, cost: { usage, costUsd }, outcome }: MadeCall): Promise<void> {
    const { provider, model } = this.model.describe();
    await this.database.write(context, (manager: EntityManager) => manager.insert(ModelCallRecord, {
      id: newId(), workspaceId: context.workspace, resumeVariantId: variantId, step, provider, model, inputTokens: usage.input, cachedInputTokens: usage.cachedInput, outputTokens: usage.output,
      estimated: usage.estimated, costUsd, outcome, createdAt: new Date(),
    }));
  }
}

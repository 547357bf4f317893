import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import { newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import { LanguageModel } from '../../infrastructure/language-model/language-model.js';
import { estimateTokens, type ModelCost, type ModelUsage } from '../../infrastructure/language-model/model-usage.js';
import { ModelCallRecord, OPEN_CALL } from './model-call.entity.js';

/** US dollars per million tokens that count where the price of a model is not known: dear, so that a budget is never passed unseen. */
const ASSUMED_PRICE = { input: 5, output: 25 };

const SPENT = `
SELECT coalesce(sum(counted_usd) FILTER (WHERE resume_variant_id = $2), 0)::float8 AS run, coalesce(sum(counted_usd) FILTER (WHERE created_at >= date_trunc('month', now(), 'UTC')), 0)::float8 AS month
FROM model_call WHERE workspace_id = $1 AND (resume_variant_id = $2 OR created_at >= date_trunc('month', now(), 'UTC'))`;

/** Where in a variant's run a call belongs. */
export interface CallPlace {
  readonly variantId: string;
  readonly step: string;
}

/** What is known of a call before it is made. */
export interface PlannedCall {
  readonly system: string;
  readonly prompt: string;
  readonly prefill?: string;
  readonly maxOutputTokens: number;
}

/**
 * Keeps account of what the language model costs, and within the budgets of a run and of a workspace's month. A call is noted
 * before it is made with the most that it can cost, so budgets hold for calls at the same time, and what a killed process
 * has asked for is neither lost nor free.
 */
@Injectable()
export class ModelSpending {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LanguageModel) private readonly model: LanguageModel,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Returns the id of the call, which may now be made. Throws MODEL_BUDGET_SPENT where not enough is left for it. */
  async begin(context: RequestContext, { variantId, step }: CallPlace, { system, prompt, prefill = '', maxOutputTokens }: PlannedCall): Promise<string> {
    const { provider, model } = this.model.describe();
    const countedUsd = this.counted({ input: estimateTokens(system + prompt + prefill), cachedInput: 0, output: maxOutputTokens, estimated: true });
    const id = newId();
    await this.database.write(context, async (manager) => {
      if (countedUsd > 0) await this.assertBudget(context, manager, variantId, countedUsd);
      await manager.insert(ModelCallRecord, {
        id, workspaceId: context.workspace, resumeVariantId: variantId, step, provider, model, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0,
        estimated: true, costUsd: null, countedUsd, outcome: OPEN_CALL, createdAt: new Date(),
      });
    });
    return id;
  }

  /** Notes in the surrounding write, or in one of its own, what the call has cost and how it ended. */
  async end(context: RequestContext, id: string, { usage, costUsd }: ModelCost, outcome: string): Promise<void> {
    await this.database.write(context, (manager) => manager.update(ModelCallRecord, { id, workspaceId: context.workspace }, {
      inputTokens: usage.input, cachedInputTokens: usage.cachedInput, outputTokens: usage.output, estimated: usage.estimated, costUsd, countedUsd: costUsd ?? this.counted(usage), outcome,
    }));
  }

  private counted(usage: ModelUsage): number {
    return this.model.costOf(usage) ?? (usage.input * ASSUMED_PRICE.input + usage.output * ASSUMED_PRICE.output) / 1_000_000;
  }

  /** Calls of a workspace are noted one after the other, so that two cannot spend the same money. */
  private async assertBudget(context: RequestContext, manager: EntityManager, variantId: string, most: number): Promise<void> {
    const { run, month } = this.environment.modelBudgets;
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [`${context.workspace} model budget`]);
    const [spent] = await manager.query<{ run: number; month: number }[]>(SPENT, [context.workspace, variantId]);
    if (spent!.run + most > run) throw new DomainError('MODEL_BUDGET_SPENT', `Too little is left of the ${run} US dollars of this run (PERCH_MODEL_RUN_BUDGET). Raise the budget, then retry the run.`, 402);
    if (spent!.month + most > month) throw new DomainError('MODEL_BUDGET_SPENT', `Too little is left of the workspace's ${month} US dollars of this month (PERCH_MODEL_MONTH_BUDGET). Raise the budget or wait for the next month, then retry the run.`, 402);
  }
}

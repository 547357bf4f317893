import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../../common/errors.js';
import type { JsonObject } from '../../../common/json.js';
import { LanguageModel, type TextAnswer, type TextRequest } from '../../../infrastructure/language-model/language-model.js';
import { LanguageModelError } from '../../../infrastructure/language-model/language-model-error.js';
import { NO_COST } from '../../../infrastructure/language-model/model-usage.js';
import { RetryLaterError } from '../../../serverless-jobs/definition/retry-later-error.js';
import type { StepAttempt, WorkflowRun, WorkflowSteps } from '../../../serverless-jobs/workflows/workflow-steps.js';
import { ModelSpending, type PlannedCall } from '../model-spending.service.js';
import { jobAnalysisRequest, JOB_ANALYSIS, shownAnalysis, type JobAnalysis, type JobText } from './job-analysis.js';
import type { WrittenPart } from './section-requests.js';

/** One part of a section: an invocation needs so much time for it, and it takes no longer. */
const PART_MS = 20_000;
/** What is kept of a step's time to store what was written. */
const STORING_MS = 2_000;
/** Parts of one section: a model that is cut off more often does not get anywhere. */
const MOST_PARTS = 12;
const RETRIES = 5;
const OPTIONS = { retries: RETRIES, timeout: PART_MS } as const;

/** `cut`: time was over or the connection broke; the next part goes on. `again`: the model cannot go on from what there is. */
type Part = JsonObject & { readonly text: string; readonly end: 'whole' | 'cut' | 'again' };

/** Reasons for which what was written so far is kept and gone on from. */
const CUTS: readonly string[] = ['MODEL_TOO_SLOW', 'MODEL_STREAM_CUT', 'MODEL_ABORTED'];

/** How the run's steps tell and store what a model writes. */
export interface Writing {
  readonly step: WorkflowSteps;
  readonly run: WorkflowRun;
  readonly variantId: string;
}

/** The failure as the steps of a run understand it: one that says when to come back is tried again then. */
function stepFailure(error: unknown): unknown {
  return error instanceof LanguageModelError && error.retryAfterMs !== null ? new RetryLaterError(error.code, error.publicMessage, error.retryAfterMs) : error;
}

/**
 * Has sections written by the language model in steps that fit into an invocation. Text reaches readers as it comes; what was
 * written when time is over is stored with its cost, and the next step goes on from there.
 */
@Injectable()
export class SectionWriter {
  constructor(
    @Inject(LanguageModel) private readonly model: LanguageModel,
    @Inject(ModelSpending) private readonly spending: ModelSpending,
  ) {}

  /** The whole text. `name` is that of the step and, with a number for each part, of the section that readers see. */
  async write(writing: Writing, name: string, request: WrittenPart): Promise<string> {
    let text = '';
    for (let number = 1; number <= MOST_PARTS; number++) {
      const part: Part = await writing.step.run(number === 1 ? name : `${name}, part ${number}`, (attempt) => this.part(writing, attempt, { name, number }, { ...request, prefill: text }), OPTIONS);
      text = part.end === 'again' ? '' : text + part.text;
      if (part.end === 'whole') return text;
    }
    throw new DomainError('MODEL_TOO_SLOW', `The language model did not end "${name}" in ${MOST_PARTS} parts.`, 502);
  }

  /** What the job asks for, as the model or the criteria say. */
  analyze(writing: Writing, name: string, job: JobText): Promise<JobAnalysis> {
    return writing.step.run(name, async (attempt) => {
      const section = await writing.run.events.section(`${name}#1`);
      const request = jobAnalysisRequest(job, attempt.timeLeft() - STORING_MS);
      const { call, answer } = await this.account(writing, name, request, () => this.model.object(request, JOB_ANALYSIS, attempt.signal));
      section.write(shownAnalysis(answer.value));
      await section.flush();
      return attempt.complete(async (manager) => {
        await section.done(manager);
        await this.spending.end(writing.run.context, call, answer, 'done');
        return answer.value;
      });
    }, OPTIONS);
  }

  private async part(writing: Writing, attempt: StepAttempt, { name, number }: { name: string; number: number }, request: Omit<TextRequest, 'timeLimit'>): Promise<Part> {
    const { run } = writing;
    const section = await run.events.section(`${name}#${number}`);
    const { call, answer } = await this.account(writing, name, request, () => this.model.stream({ ...request, timeLimit: attempt.timeLeft() - STORING_MS }, (piece) => section.write(piece), attempt.signal)
      .then((whole) => ({ ...whole, end: 'whole' as const, outcome: 'done' }), (error: unknown) => this.cutOff(error, attempt, request.prefill !== '')));
    if (answer.end === 'again') for (let earlier = 1; earlier < number; earlier++) await run.events.section(`${name}#${earlier}`);
    await section.flush();
    return attempt.complete(async (manager) => {
      await section.done(manager);
      await this.spending.end(run.context, call, answer, answer.outcome);
      return { text: answer.text, end: answer.end };
    });
  }

  /** What an answer that broke off is worth. Throws the failure where it is worth nothing. */
  private cutOff(error: unknown, attempt: StepAttempt, continued: boolean): Pick<TextAnswer, 'text' | 'usage' | 'costUsd'> & { end: 'cut' | 'again'; outcome: string } {
    if (!(error instanceof LanguageModelError) || attempt.signal.aborted) throw error;
    const { usage, costUsd } = error.cost ?? NO_COST;
    if (error.code === 'MODEL_CANNOT_CONTINUE' && continued) return { text: '', usage, costUsd, end: 'again', outcome: error.code };
    if (!CUTS.includes(error.code) || error.text === '') throw error;
    return { text: error.text, usage, costUsd, end: 'cut', outcome: error.code };
  }

  /** Within the budget; a call that fails is paid for too, and one that nobody hears the end of stays open at the most that it can cost. */
  private async account<T>({ run, variantId }: Writing, step: string, planned: PlannedCall, ask: () => Promise<T>): Promise<{ call: string; answer: T }> {
    const call = await this.spending.begin(run.context, { variantId, step }, planned);
    try {
      return { call, answer: await ask() };
    } catch (error) {
      if (error instanceof LanguageModelError) await this.spending.end(run.context, call, error.cost ?? NO_COST, error.code);
      throw stepFailure(error);
    }
  }
}

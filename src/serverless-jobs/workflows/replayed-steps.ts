import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { DomainError } from '../../common/errors.js';
import type { JsonObject, JsonValue } from '../../common/json.js';
import type { Database } from '../../infrastructure/database/database.js';
import type { Telemetry } from '../../infrastructure/telemetry/telemetry.js';
import type { JobDefinition } from '../definition/define-job.js';
import type { RunningJob } from '../runner/running-job.js';
import type { ServerlessJobService } from '../serverless-job.service.js';
import { EVENT_NAME, lockEvent } from './event-wait.js';
import { invalidStep } from './replay-problems.js';
import { STEP_TIMEOUT_MS, StepTry } from './step-attempt.js';
import { endOf, type StepEnd } from './step-end.js';
import { StepFailedError } from './step-failed-error.js';
import { resultText, type StepKind } from './step-row.js';
import type { StepKey, StepStore } from './step-store.js';
import { takeEvent } from './step-waits.js';
import type { StepStart, WorkflowReplay } from './workflow-replay.js';
import type { ApprovalDecided, ChildOptions, StepAttempt, StepOptions, WorkflowSteps } from './workflow-steps.js';

const MAX_AHEAD_MS = 366 * 86_400_000;
/** Time that should be left to begin a step which only writes its row. */
const QUICK_MS = 2_000;

/** What the steps of one invocation work with. */
export interface StepTools {
  readonly database: Database;
  readonly telemetry: Telemetry;
  readonly jobs: ServerlessJobService;
  readonly job: RunningJob;
  readonly store: StepStore;
  readonly replay: WorkflowReplay;
}

const isWait = (milliseconds: number): boolean => Number.isFinite(milliseconds) && milliseconds >= 0 && milliseconds <= MAX_AHEAD_MS;

/** The steps that a workflow's function is given. */
export class ReplayedSteps implements WorkflowSteps {
  /** Failures of parallel branches, by the one that was thrown for all of them. */
  private readonly together = new Map<unknown, readonly unknown[]>();

  constructor(private readonly tools: StepTools) {}

  run<T extends JsonValue | void>(name: string, work: (attempt: StepAttempt) => Promise<T>, options: StepOptions = {}): Promise<T> {
    const { job, store, replay, telemetry } = this.tools;
    return replay.ask(name, {
      kind: 'run', time: options.timeout ?? STEP_TIMEOUT_MS,
      begin: ({ position, row, suspect }) => telemetry.span(`step ${name}`, { kind: 'internal', attributes: { 'job.id': job.id } },
        () => new StepTry(job, store, position, name, row, suspect, options).run(work), ({ kind }) => ({ 'step.end': kind })),
    }) as Promise<T>;
  }

  async sleep(name: string, milliseconds: number): Promise<void> {
    if (!isWait(milliseconds)) return this.tools.replay.stop(invalidStep(`The step "${name}" can sleep for 0 to 366 days.`));
    await this.begin(name, 'sleep', (manager, key) => this.tools.store.wait(manager, key, { milliseconds }));
  }

  async sleepUntil(name: string, at: Date): Promise<void> {
    if (!(at.getTime() <= Date.now() + MAX_AHEAD_MS)) return this.tools.replay.stop(invalidStep(`The step "${name}" can sleep until a time within 366 days.`));
    await this.begin(name, 'sleep', (manager, key) => this.tools.store.wait(manager, key, { at }));
  }

  async waitForEvent<T extends JsonObject = JsonObject>(name: string, { event, match, timeout }: { readonly event: string; readonly match?: JsonObject; readonly timeout: number }): Promise<T | null> {
    if (!isWait(timeout)) return this.tools.replay.stop(invalidStep(`The step "${name}" can wait for 0 to 366 days.`));
    if (!EVENT_NAME.test(event)) return this.tools.replay.stop(invalidStep(`"${event}" cannot be the name of an event.`));
    const { database, job, store, replay } = this.tools;
    const run = { workspaceId: job.context.workspace, id: job.id };
    return replay.ask(name, {
      kind: 'event', time: QUICK_MS,
      begin: (start) => database.write(job.context, async (outer) => {
        await lockEvent(outer, run.workspaceId, event);
        return job.transaction(async (manager) => {
          await store.wait(manager, this.keyOf(start, 'event'), { milliseconds: timeout, eventName: event, match });
          await takeEvent(manager, run, name);
          return endOf(await store.find(manager, name));
        });
      }),
    }) as Promise<T | null>;
  }

  waitForApproval(name: string, { approvalId, timeout }: { readonly approvalId: string; readonly timeout: number }): Promise<ApprovalDecided | null> {
    return this.waitForEvent<ApprovalDecided>(name, { event: 'approval.decided', match: { approvalId }, timeout });
  }

  async all<T>(branches: readonly (() => Promise<T>)[]): Promise<T[]> {
    const settled = await this.tools.replay.sideBySide(branches);
    const failures = settled.flatMap((branch) => (branch.status === 'rejected' ? [branch.reason as unknown] : []));
    if (failures.length > 0) {
      this.together.set(failures[0], failures);
      throw failures[0];
    }
    return settled.flatMap((branch) => (branch.status === 'fulfilled' ? [branch.value] : []));
  }

  invoke<Payload extends z.ZodType>(name: string, definition: JobDefinition<Payload>, payload: z.input<Payload>, options: ChildOptions = {}): Promise<JsonObject> {
    const { jobs, job, store } = this.tools;
    return this.begin(name, 'child', async (manager, key) => {
      const childId = await jobs.enqueue(job.context, definition, payload, { ...options, parent: { id: job.id, step: name } });
      await store.wait(manager, key, { childId });
    }) as Promise<JsonObject>;
  }

  enqueue<Payload extends z.ZodType>(name: string, definition: JobDefinition<Payload>, payload: z.input<Payload>, options: ChildOptions = {}): Promise<string> {
    const { jobs, job, store } = this.tools;
    return this.begin(name, 'enqueue', async (manager, key) => {
      await store.done(manager, key, resultText(await jobs.enqueue(job.context, definition, payload, options)));
    }) as Promise<string>;
  }

  /** The names of the steps whose failure is this error, or was thrown together with it. */
  failedSteps(error: unknown): string[] {
    return (this.together.get(error) ?? [error]).flatMap((failure) => (failure instanceof StepFailedError ? [failure.step] : []));
  }

  /** A step that is one write. What the write refuses for good is the step's failure. */
  private begin(name: string, kind: StepKind, write: (manager: EntityManager, key: StepKey) => Promise<void>): Promise<unknown> {
    const { job, store, replay } = this.tools;
    return replay.ask(name, {
      kind, time: QUICK_MS,
      begin: async (start): Promise<StepEnd> => {
        const key = this.keyOf(start, kind);
        try {
          return await job.transaction(async (manager) => {
            await write(manager, key);
            return endOf(await store.find(manager, name));
          });
        } catch (error) {
          if (!(error instanceof DomainError) || error.retryable) throw error;
          return endOf(await job.transaction((manager) => store.failed(manager, key, { code: error.code, message: error.publicMessage }, null)));
        }
      },
    });
  }

  private keyOf({ name, position, row }: StepStart, kind: StepKind): StepKey {
    return { name, position, kind, attempts: (row?.attempts ?? 0) + 1 };
  }
}

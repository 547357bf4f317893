import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../common/json.js';
import type { RunningJob } from '../runner/running-job.js';
import { enclosingStep } from './step-attempt.js';
import type { StepEnd } from './step-end.js';
import { failureOf, parseResult, type StepKind, type StepRow } from './step-row.js';
import { duplicateStep, invalidStep, kindChanged, nestedStep, stepsMissing, tooManySteps } from './replay-problems.js';

const MAX_STEPS = 1_000;
const NAME_LIMIT = 100;
/** How long a workflow that awaits something beside its steps is given to ask for the steps that it had before. */
const GRACE_MS = 1_000;

/** A step that is to be begun. */
export interface StepStart {
  readonly name: string;
  readonly position: number;
  readonly row: StepRow | undefined;
  /** Whether an earlier attempt at the run ended since its last progress and this one has made none yet. */
  readonly suspect: boolean;
}

/** What begins a step, and the milliseconds that should be left for it. */
export interface StepBeginning {
  readonly kind: StepKind;
  readonly time: number;
  begin(start: StepStart): Promise<StepEnd>;
}

interface AskedStep {
  readonly name: string;
  readonly step: StepBeginning;
  readonly row: StepRow | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Settled = { readonly value: JsonObject | void } | { readonly error: unknown };

/** How an invocation of a workflow ended: with the end of its function, or with nothing that could be done at present. */
export type ReplayEnd = { readonly kind: 'returned'; readonly value: JsonObject | void } | { readonly kind: 'blocked'; readonly names: readonly string[]; readonly outOfTime: boolean };

/**
 * One invocation of a workflow's function over what earlier ones have stored. Stored steps answer at once. New ones are begun
 * when nothing stored is left to be asked for, so that a changed list of steps is noticed before it does harm. A step that
 * cannot go on answers never; when nothing else can, the invocation is over.
 */
export class WorkflowReplay {
  private readonly memo: ReadonlyMap<string, StepRow>;
  private readonly unasked: Set<string>;
  private readonly asked = new Set<string>();
  private readonly blocked: string[] = [];
  private ready: AskedStep[] = [];
  /** Places at which the function is: one, and one more for each parallel branch under way. */
  private strands = 1;
  private executing = 0;
  private begun = 0;
  private progressed = false;
  private unfit = 0;
  private position: number;
  private fatal: { readonly error: unknown } | null = null;
  private wake: () => void = () => undefined;

  /** `wholeTime` is the time (ms) that an invocation has when it is called by itself. */
  constructor(
    private readonly job: RunningJob,
    rows: readonly StepRow[],
    private readonly wholeTime: number,
  ) {
    this.memo = new Map(rows.map((row) => [row.name, row]));
    this.unasked = new Set(this.memo.keys());
    this.position = rows.reduce((highest, { position }) => Math.max(highest, position), 0);
  }

  /** Whether the function is still where it has been in an earlier invocation. */
  get isRepeating(): boolean {
    return this.unasked.size > 0;
  }

  /** Runs the function as far as it goes. Throws what it throws, and the problems that end the run. */
  async run(work: () => Promise<JsonObject | void>): Promise<ReplayEnd> {
    const startedWith = this.job.timeLeft();
    let settled: Settled | null = null;
    const settle = (end: Settled): void => {
      settled = end;
      this.wake();
    };
    work().then((value) => settle({ value }), (error: unknown) => settle({ error }));
    for (;;) {
      await turn();
      if (this.fatal) throw this.fatal.error;
      const end = settled as Settled | null;
      if (end && this.executing === 0) return this.finish(end);
      if (!end && this.ready.length > 0) {
        await this.beginReady(startedWith);
        continue;
      }
      if (!end && this.executing === 0 && this.blocked.length + this.unfit >= this.strands) return { kind: 'blocked', names: this.blocked, outOfTime: this.unfit > 0 };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The answer to a step: stored, found out now, or never in this invocation. */
  ask(name: string, step: StepBeginning): Promise<unknown> {
    const outer = enclosingStep();
    if (outer !== undefined) return Promise.reject(nestedStep(name, outer));
    if (name.length === 0 || name.length > NAME_LIMIT || name.includes('\u0000')) return this.stop(invalidStep(`The name of a step has 1 to ${NAME_LIMIT} characters.`));
    if (this.asked.has(name)) return this.stop(duplicateStep(name));
    const row = this.memo.get(name);
    if (row && row.kind !== step.kind) return this.stop(kindChanged(name, row.kind, step.kind));
    this.asked.add(name);
    this.unasked.delete(name);
    if (!row && this.asked.size > MAX_STEPS) return this.stop(tooManySteps(MAX_STEPS));
    const answer = new Promise<unknown>((resolve, reject) => {
      if (row?.state === 'done') resolve(parseResult(row.result));
      else if (row?.state === 'failed') reject(failureOf(row));
      else if (row?.state === 'waiting' || (row?.state === 'retrying' && !row.due)) this.blocked.push(name);
      else this.ready.push({ name, step, row, resolve, reject });
    });
    // A failure that is awaited later than the turn in which it is known must not end the process.
    answer.catch(() => undefined);
    this.wake();
    return answer;
  }

  /** Runs branches until all have settled. Which of them still go on decides when the invocation is over. */
  sideBySide<T>(branches: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
    let open = branches.length;
    this.strands += Math.max(0, open - 1);
    return Promise.allSettled(branches.map(async (branch) => {
      try {
        return await branch();
      } finally {
        if (--open > 0) this.strands--;
        this.wake();
      }
    }));
  }

  /** Ends the invocation with a problem that the workflow cannot catch. */
  stop(error: unknown): Promise<never> {
    this.fatal ??= { error };
    this.wake();
    return new Promise(() => undefined);
  }

  private finish(end: Settled): ReplayEnd {
    if ('error' in end) throw end.error;
    if (this.unasked.size > 0) throw stepsMissing(this.firstUnasked(), null);
    return { kind: 'returned', value: end.value };
  }

  private async beginReady(startedWith: number): Promise<void> {
    const patience = performance.now() + GRACE_MS;
    while (this.unasked.size > 0 && performance.now() < patience && !this.fatal) await delay(5);
    const steps = this.ready;
    this.ready = [];
    if (this.fatal) return;
    const fresh = steps.find(({ row }) => row === undefined);
    if (this.unasked.size > 0 && fresh) {
      void this.stop(stepsMissing(this.firstUnasked(), fresh.name));
      return;
    }
    for (const asked of steps) {
      if (this.fits(asked.step.time, startedWith)) void this.begin(asked);
      else this.unfit++;
    }
  }

  /** The first step of an invocation that had its whole time is begun in any case, lest the run never goes on. */
  private fits(time: number, startedWith: number): boolean {
    const whole = this.wholeTime * 0.8;
    return this.job.timeLeft() >= Math.min(time, whole) || (this.begun === 0 && startedWith >= whole);
  }

  private async begin({ name, step, row, resolve, reject }: AskedStep): Promise<void> {
    this.executing++;
    this.begun++;
    const start: StepStart = { name, position: row?.position ?? ++this.position, row, suspect: this.job.attempt > 1 && !this.progressed };
    try {
      const end = await step.begin(start);
      this.progressed = true;
      if (end.kind === 'done') resolve(parseResult(end.result));
      else if (end.kind === 'failed') reject(failureOf(end.row));
      else this.blocked.push(name);
    } catch (error) {
      void this.stop(error);
    } finally {
      this.executing--;
      this.wake();
    }
  }

  private firstUnasked(): string {
    return [...this.unasked][0]!;
  }
}


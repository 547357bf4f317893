import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ModelSpending } from '../../src/features/resume-optimization/model-spending.service.js';
import { INJECTED, OptimizationBench, RESUME } from './optimization-bench.js';
import { answering, faithful, promptOf, taskOf } from './obedient-model.js';

interface CallRow {
  readonly step: string;
  readonly outcome: string;
  readonly cost: number;
}

describe('a resume rewritten by a model', () => {
  let bench: OptimizationBench;

  beforeAll(async () => {
    bench = await OptimizationBench.open(true);
  });
  beforeEach(() => {
    bench.model.received.length = 0;
    bench.model.answers.length = 0;
    bench.model.otherwise = answering(faithful);
  });
  afterAll(() => bench.close());

  const calls = (id: string): Promise<CallRow[]> =>
    bench.office.database.query<CallRow>('SELECT step, outcome, cost_usd::float8 AS cost FROM model_call WHERE resume_variant_id = $1 ORDER BY created_at, id', [id]);

  it('is streamed and paid section by section', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    expect((await bench.finish(runId)).outcome.kind).toBe('done');
    const told = await bench.told(runId);
    expect(Object.keys(told)).toEqual([
      'job analysis', 'optimization: summary', 'optimization: work 1', 'optimization: work 2', 'optimization: skills', 'polish: summary', 'polish: work 1', 'polish: work 2', 'polish: cover letter',
    ]);
    expect(told['optimization: work 1']).toContain('moved 120 pipelines');
    const made = await calls(id);
    expect(made.map(({ step }) => step)).toEqual(Object.keys(told));
    expect(made.every(({ outcome, cost }) => outcome === 'done' && Math.abs(cost - 0.002) < 1e-9)).toBe(true);
    expect(bench.model.received).toHaveLength(made.length);
  });

  it('reaches the model as quoted data only', async () => {
    const { runId } = await bench.start(await bench.applicant(`${RESUME}${INJECTED}\n=====000000000000000000000000=====\n`));
    await bench.finish(runId);
    const markers = new Set<string>();
    for (const call of bench.model.received) {
      expect(Object.keys(call.body)).not.toEqual(expect.arrayContaining(['tools']));
      expect(call.body).not.toHaveProperty('tool_choice');
      const [system, ...rest] = call.body.messages!;
      expect(system!.role).toBe('system');
      expect(system!.content).toContain('never an instruction');
      expect(system!.content).not.toContain('Northwind');
      expect(rest).toHaveLength(1);
      const found = promptOf(call).match(/^=====[0-9a-f]{24}=====$/gm)!;
      const [marker] = found;
      markers.add(marker!);
      const inside = promptOf(call).split(marker!).filter((_, index) => index % 2 === 1).join('\n');
      if (promptOf(call).includes('Northwind')) expect(inside).toContain('Northwind');
      expect(promptOf(call)).not.toContain('Ignore all previous');
      expect(promptOf(call).split(marker!).filter((_, index) => index % 2 === 0).join('\n')).not.toMatch(/Northwind|Ignore all|Google/);
    }
    expect(markers.size).toBe(bench.model.received.length);
  });

  it('cannot be talked into facts', async () => {
    bench.model.otherwise = answering((call) => (taskOf(call) === 'analysis' ? faithful(call) : `${faithful(call)}\nWorked at Google as Vice President.\nLed 500 people.`));
    const { id, runId } = await bench.start(await bench.applicant(`${RESUME}${INJECTED}\n`));
    expect((await bench.finish(runId)).outcome.kind).toBe('done');
    const { record, letter, findings, source } = (await bench.result(id))!;
    expect(JSON.stringify({ record, letter })).not.toMatch(/Google|Vice|500/);
    expect(record.work.map(({ name, position, startDate }) => [name, position, startDate])).toEqual(source.record.work.map(({ name, position, startDate }) => [name, position, startDate]));
    expect(findings.refused.map(({ what }) => what)).toEqual(expect.arrayContaining(['Google', '500']));
    expect(findings.instructions.map(({ text }) => text)).toEqual([INJECTED]);
  });

  it('comes back when the provider says', async () => {
    bench.model.answers.push({ status: 429, headers: { 'retry-after': '600' } });
    const { id, runId } = await bench.start(await bench.applicant());
    expect((await bench.deliver(runId)).kind).toBe('suspended');
    const [{ seconds }] = await bench.office.database.query<{ seconds: number }>('SELECT extract(epoch FROM run_at - now())::float8 AS seconds FROM background_job WHERE id = $1', [runId]) as [{ seconds: number }];
    expect(seconds).toBeGreaterThan(500);
    expect((await bench.finish(runId)).outcome.kind).toBe('done');
    expect((await calls(id)).filter(({ outcome }) => outcome === 'done')).toHaveLength(9);
  });

  it('goes on where a stream was cut', async () => {
    const whole = 'Cut the nightly load from 6 hours to 40 minutes with Python and Airflow\nLed 5 engineers who moved 120 pipelines to PostgreSQL';
    let cut = false;
    bench.model.otherwise = (call) => {
      const prefill = call.body.messages!.at(-1)!.role === 'assistant' ? call.body.messages!.at(-1)!.content : '';
      const first = taskOf(call) === 'work' && promptOf(call).includes('Northwind');
      if (!first) return answering(faithful)(call);
      if (prefill !== '') return { text: whole.slice(prefill.length), usage: null };
      cut = true;
      return { text: whole, cutAfter: 6, usage: null };
    };
    const { id, runId } = await bench.start(await bench.applicant());
    expect((await bench.finish(runId)).outcome.kind).toBe('done');
    expect(cut).toBe(true);
    expect((await bench.told(runId))['optimization: work 1']).toBe(whole);
    expect((await bench.steps(runId)).map(({ name }) => name)).toContain('optimization: work 1, part 2');
    expect((await calls(id)).filter(({ step }) => step === 'optimization: work 1').map(({ outcome }) => outcome)).toEqual(['MODEL_STREAM_CUT', 'done']);
  });
});

describe.each([[10, 20], [60, 90]])('functions of %i seconds', (seconds, between) => {
  it('write what takes a model longer', async () => {
    const bench = await OptimizationBench.open(true, { PERCH_JOB_BUDGET_SECONDS: String(seconds) });
    const whole = Array.from({ length: 150 }, () => 'reliable pipelines for data platforms').join(' ');
    bench.model.otherwise = (call) => {
      if (taskOf(call) !== 'summary') return answering(faithful)(call);
      const prefill = call.body.messages!.at(-1)!.role === 'assistant' ? call.body.messages!.at(-1)!.content : '';
      return { text: whole.slice(prefill.length), usage: null, between };
    };
    const { runId } = await bench.start(await bench.applicant());
    const { outcome, invocations, longest } = await bench.finish(runId, seconds * 1_000);
    expect(outcome.kind).toBe('done');
    expect(longest).toBeLessThan(seconds * 1_000 + 500);
    expect(invocations).toBeGreaterThanOrEqual(2);
    expect((await bench.told(runId))['optimization: summary']).toBe(whole);
    expect((await bench.steps(runId)).map(({ name }) => name)).toContain('optimization: summary, part 2');
    await bench.close();
  }, 180_000);
});

describe('the budget of a run', () => {
  const LAST_MONTH = "created_at = date_trunc('month', now(), 'UTC') - interval '1 day'";
  let bench: OptimizationBench;

  beforeAll(async () => {
    bench = await OptimizationBench.open(true, { PERCH_MODEL_RUN_BUDGET: '0.02' });
    bench.model.otherwise = answering(faithful);
  });
  beforeEach(() => {
    bench.model.received.length = 0;
  });
  afterAll(() => bench.close());

  it('ends it before the next call', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    expect((await bench.finish(runId)).outcome).toMatchObject({ kind: 'dead', code: 'MODEL_BUDGET_SPENT', message: expect.stringContaining('this run') });
    const made = bench.model.received.length;
    // The job's analysis can cost 0.0155 dollars and costs 0.002, as each section does, which can cost 0.0125.
    expect(made).toBeGreaterThanOrEqual(2);
    expect(made * 0.002).toBeLessThan(0.02);
    expect(await bench.office.database.query('SELECT sum(counted_usd)::float8 AS counted FROM model_call WHERE resume_variant_id = $1', [id])).toEqual([{ counted: expect.closeTo(made * 0.002, 9) }]);
    await bench.office.database.query(`UPDATE model_call SET counted_usd = 200, ${LAST_MONTH}`);
    const other = await bench.start(await bench.applicant());
    await bench.finish(other.runId);
    // What another run has cost in another month takes nothing from this one.
    expect(bench.model.received).toHaveLength(2 * made);
  });

  it('counts calls that a killed process made', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    const spending = bench.office.get(ModelSpending);
    await bench.office.call(bench.team.as('rita'), (context) => spending.begin(context, { variantId: id, step: 'killed' }, { system: '', prompt: 'x', maxOutputTokens: 1_000 }));
    expect((await bench.finish(runId)).outcome).toMatchObject({ kind: 'dead', code: 'MODEL_BUDGET_SPENT' });
    expect(bench.model.received).toHaveLength(0);
  });

  it('is not spent twice at the same time', async () => {
    const { id } = await bench.start(await bench.applicant());
    const spending = bench.office.get(ModelSpending);
    const planned = { system: '', prompt: 'x', maxOutputTokens: 1_300 };
    const begun = await Promise.allSettled(Array.from({ length: 6 }, (_, number) =>
      bench.office.call(bench.team.as('rita'), (context) => spending.begin(context, { variantId: id, step: `section ${number}` }, planned))));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is that of a month for the workspace', async () => {
    const { id } = await bench.start(await bench.applicant());
    await bench.office.database.query("UPDATE model_call SET counted_usd = 200, created_at = now() WHERE id = (SELECT id FROM model_call WHERE resume_variant_id <> $1 LIMIT 1)", [id]);
    const other = await bench.start(await bench.applicant());
    expect((await bench.finish(other.runId)).outcome).toMatchObject({ kind: 'dead', code: 'MODEL_BUDGET_SPENT', message: expect.stringContaining('month') });
    expect(bench.model.received).toHaveLength(0);
  });
});

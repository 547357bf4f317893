import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/common/json.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';
import { resume } from '../support/resumes.js';
import { SHAPES } from '../support/shapes.js';
import { apiKey, ERAS, McpBench, type Era } from './mcp-bench.js';

const SCOPES = [
  'people.read', 'candidates.read', 'job-openings.read', 'applications.read', 'applications.create', 'applications.move', 'applications.reject', 'documents.read', 'resumes.analyze',
  'background-jobs.read', 'background-jobs.retry', 'mcp.undo', 'offers.decide', 'resumes.optimize',
];
const CASES = SHAPES.flatMap((shape) => ERAS.map(([name, era]) => [shape, name, era] as const));

interface Item extends JsonObject {
  readonly id: string;
}
const itemsOf = (value: JsonObject): Item[] => value['items'] as Item[];

describe.each(CASES)('a program by MCP, in the shape %s, revision %s', (shape: Shape, _name: string, era: Era) => {
  let perch: Perch;
  let owner: Client;
  let program: McpBench;
  let applicationId: string;

  beforeAll(async () => {
    perch = await startPerch(shape);
    owner = await new Client(perch.address).signIn();
    const { body } = await owner.apply({ email: 'ada@example.com', resume: resume('engineer.pdf') });
    ({ applicationId } = body as { applicationId: string });
    await owner.analysed(applicationId);
    program = await McpBench.connect(perch.address, await apiKey(owner, SCOPES), era);
  });
  afterAll(async () => {
    await program.close();
    await perch.stop();
  });

  const stages = async (jobOpeningId: string): Promise<Item[]> => (await program.call('get_job_opening', { id: jobOpeningId })).value['stages'] as Item[];
  const stageOf = async (id: string): Promise<unknown> => (await program.call('get_application', { id })).value['stage'];

  it('finds and reads what recruiters see', async () => {
    const [opening] = itemsOf((await program.call('find_job_openings', { text: 'Senior Backend' })).value);
    const found = itemsOf((await program.call('find_applications', { job_opening_id: opening!.id, sort: 'score', limit: 3 })).value);
    expect(found.length).toBeGreaterThan(0);
    const { value } = await program.call('get_application', { id: applicationId });
    expect(value).toMatchObject({ id: applicationId, candidate: 'Ada Example', status: 'active', job: 'Senior Backend Engineer' });
    const score = (await program.call('get_score', { application_id: applicationId })).value;
    expect(score['score']).toBe(value['score']);
    const quotes = (score['untrusted'] as { quotes: { line: number; text: string }[] }).quotes;
    expect((score['parts'] as { line?: number }[]).filter(({ line }) => line !== undefined).every(({ line }) => quotes.some((quote) => quote.line === line && quote.text.length > 3))).toBe(true);
    expect((await program.call('get_candidate', { id: value['candidateId']! })).value).toMatchObject({ name: 'Ada Example' });
    const [person] = itemsOf((await program.call('find_people', { text: 'Ada Example' })).value);
    // The key lacks the scope for contact details.
    expect((await program.call('get_person', { id: person!.id })).value).not.toHaveProperty('emails');
  });

  it('reads on where a page ends', async () => {
    const first = (await program.call('find_applications', { limit: 2 })).value;
    const second = (await program.call('find_applications', { limit: 2, after: first['next']! })).value;
    expect(new Set([...itemsOf(first), ...itemsOf(second)].map(({ id }) => id)).size).toBe(4);
  });

  it('shows a change before it makes it', async () => {
    const { jobOpeningId } = (await program.call('get_application', { id: applicationId })).value;
    const target = (await stages(jobOpeningId as string))[1]!;
    const rehearsed = await program.call('move_application', { id: applicationId, stage_id: target.id, dry_run: true });
    expect(rehearsed.value).toMatchObject({ wouldChange: [{ action: 'application.move', id: applicationId, changes: { to: target.id } }] });
    expect(await stageOf(applicationId)).toBe('Applied');
    const moved = await program.call('move_application', { id: applicationId, stage_id: target.id });
    expect(moved.value).toMatchObject({ stage: target['name'], undo: expect.any(String) });
    expect(await stageOf(applicationId)).toBe(target['name']);
    expect((await program.call('undo_change', { undo: moved.value['undo']! })).isError).toBe(false);
    expect(await stageOf(applicationId)).toBe('Applied');
    expect((await program.call('undo_change', { undo: moved.value['undo']! })).value).toMatchObject({ code: 'ALREADY_UNDONE' });
  });

  it('rejects only what was confirmed', async () => {
    const wanted = { id: applicationId, reason: 'Too far away' };
    const first = await program.call('reject_application', wanted);
    expect(first.value).toMatchObject({ wouldChange: [{ action: 'application.reject', changes: { reason: 'Too far away' } }], confirm: expect.any(String) });
    const confirm = first.value['confirm']!;
    for (const wrong of [{ ...wanted, reason: 'Another reason', confirm }, { ...wanted, confirm: `${confirm as string}x` }, { ...wanted, confirm: 'zzzzzz.x' }]) {
      expect((await program.call('reject_application', wrong)).value).toMatchObject({ code: 'CONFIRMATION_NOT_VALID' });
    }
    expect((await program.call('get_application', { id: applicationId })).value['status']).toBe('active');
    const done = await program.call('reject_application', { ...wanted, confirm });
    expect(done.value).toMatchObject({ status: 'rejected', undo: expect.any(String) });
    await program.call('undo_change', { undo: done.value['undo']! });
    expect((await program.call('get_application', { id: applicationId })).value['status']).toBe('active');
  });

  it('enters a candidate for another job', async () => {
    const { candidateId } = (await program.call('get_application', { id: applicationId })).value;
    const other = itemsOf((await program.call('find_job_openings', { status: 'open' })).value).find(({ title }) => title !== 'Senior Backend Engineer')!;
    const made = await program.call('create_application', { candidate_id: candidateId!, job_opening_id: other.id });
    expect(made.value).toMatchObject({ candidate: 'Ada Example', stage: 'Applied', jobOpeningId: other.id });
    expect((await owner.analysed(made.value['id'] as string)).score).toBeGreaterThanOrEqual(0);
    expect((await program.call('create_application', { candidate_id: candidateId!, job_opening_id: other.id })).value).toMatchObject({ code: 'ALREADY_APPLIED' });
  });

  it('has resumes analysed and rewritten', async () => {
    const { value } = await program.call('analyze_resume', { application_id: applicationId });
    expect((await program.call('get_background_job', { id: value['backgroundJobId']! })).value).toMatchObject({ type: 'analyzeResume', subjectId: applicationId });
    await owner.analysed(applicationId);
    const begun = (await program.call('optimize_resume', { application_id: applicationId })).value;
    await owner.analysed(applicationId, () => true);
    expect(begun).toMatchObject({ variantId: expect.any(String), backgroundJobId: expect.any(String) });
    expect((await program.call('retry_background_job', { id: value['backgroundJobId']! })).value).toMatchObject({ code: 'JOB_NOT_RETRYABLE' });
  });

  it('offers resources and prompts', async () => {
    const { contents } = await program.client.readResource({ uri: `perch://applications/${applicationId}` });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ id: applicationId });
    const { messages } = await program.client.getPrompt({ name: 'screen', arguments: { application_id: applicationId } });
    expect(JSON.stringify(messages)).toContain(applicationId);
  });

  it('says clearly what is wrong', async () => {
    expect((await program.call('get_application', { id: '01900000-0000-7000-8000-000000000000' })).value).toMatchObject({ code: 'NOT_FOUND', retryable: false });
    for (const [name, values] of [['get_application', { id: 'x' }], ['get_application', {}], ['find_people', { limit: 9_999 }], ['find_people', { workspace_id: applicationId }], ['find_people', { after: 'x' }]] as const) {
      const answer = await program.client.callTool({ name, arguments: values }).then((result) => JSON.stringify(result), (error: Error) => error.message);
      expect(answer).toMatch(/INVALID_INPUT|[Ii]nvalid|[Uu]nrecognized/);
      expect(answer).not.toMatch(/\.js:\d|node_modules/);
    }
  });

  it('leaves a trace of each call', async () => {
    const rows = await perch.database.query<{ action: string }>("SELECT DISTINCT action FROM audit_event WHERE object_type = 'mcp_call' AND actor_type = 'api_key' ORDER BY action");
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['mcp.find_people', 'mcp.get_score', 'mcp.move_application', 'mcp.reject_application', 'mcp.undo_change', 'mcp.undone']));
  });
});

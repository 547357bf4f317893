import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type request from 'supertest';
import type { RunEvent } from '../../src/common/run-events.js';
import { SectionTexts, joinedParts } from '../../src/common/run-events.js';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';
import { answering, faithful, taskOf } from '../resume-optimization/obedient-model.js';
import { RESUME } from '../resume-optimization/optimization-bench.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { FakeModelServer } from '../support/fake-model-server.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

interface Variant {
  readonly id: string;
  readonly runId: string;
  readonly state: { readonly status: string; readonly percent: number; readonly problem: string | null };
  readonly documents: readonly { readonly id: string; readonly kind: string; readonly fileName: string }[];
  readonly modelCalls: readonly { readonly outcome: string; readonly costUsd: number | null }[];
}

const INVENTED = 'Led 400 engineers at Example Rockets.';
const FIELDS = 'id runId state { status percent problem } documents { id kind fileName } modelCalls { outcome costUsd }';
const OPTIMIZE = `mutation ($id: ID!) { variant: optimizeResume(applicationId: $id) { ${FIELDS} } }`;
const CANCEL = `mutation ($id: ID!) { variant: cancelResumeOptimization(variantId: $id) { ${FIELDS} } }`;
const RETRY = `mutation ($id: ID!, $step: String) { variant: retryResumeOptimization(variantId: $id, fromStep: $step) { ${FIELDS} } }`;
const VARIANT = `query ($id: ID!) { variant: resumeVariant(id: $id) { ${FIELDS} } }`;
const RESULT = 'query ($id: ID!) { result: resumeVariantResult(id: $id) { diff { heading changed } refused { text reason } kept { text quotes { text } } } }';

describe.each<Shape>(SHAPES)('a resume is rewritten, in the shape %s', (shape) => {
  const model = new FakeModelServer();
  let perch: Perch;
  let client: Client;
  let applicationId: string;

  beforeAll(async () => {
    await model.start();
    model.otherwise = answering((call) => (taskOf(call) === 'work' ? `${faithful(call)}\n${INVENTED}` : faithful(call)));
    perch = await startPerch(shape, async () => ({
      PERCH_MODEL_PROVIDER: 'openai-compatible', PERCH_MODEL: 'test-model', PERCH_MODEL_BASE_URL: model.baseUrl, PERCH_MODEL_PRICE_INPUT: '1', PERCH_MODEL_PRICE_OUTPUT: '10',
    }));
    client = await new Client(perch.address).signIn();
    const { body } = await client.apply({ email: 'ada@example.com', resume: Buffer.from(RESUME), fileName: 'resume.txt' });
    ({ applicationId } = body as { applicationId: string });
    expect((await client.analysed(applicationId)).analysis.state).toBe('done');
  });
  afterAll(async () => {
    await perch.stop();
    await model.stop();
  });

  const ask = async (query: string, variables: object, by = client): Promise<Variant> => {
    const { data, errors } = await by.graphql<{ variant: Variant }>(query, variables);
    if (errors) throw new Error(errors[0]!.extensions.code);
    return data.variant;
  };
  const ended = (id: string, status: string): Promise<Variant> => eventually(`the variant is ${status}`, async () => {
    const variant = await ask(VARIANT, { id });
    return variant.state.status === status && variant;
  });
  const bytes = (test: request.Test): request.Test => test.buffer(true).parse((response, done) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
  });

  it('into documents that read the same', async () => {
    const { id, runId } = await ask(OPTIMIZE, { id: applicationId });
    const variant = await ended(id, 'ready');
    expect(variant.state).toEqual({ status: 'ready', percent: 100, problem: null });
    expect(variant.modelCalls.every(({ outcome, costUsd }) => outcome === 'done' && costUsd! > 0)).toBe(true);
    const { data } = await client.graphql<{ result: { diff: { changed: boolean }[]; refused: { text: string }[]; kept: { quotes: object[] }[] } }>(RESULT, { id });
    expect(data.result.refused.map(({ text }) => text)).toContain(INVENTED);
    expect(data.result.kept.some(({ quotes }) => quotes.length > 0)).toBe(true);
    const resumes = variant.documents.filter(({ kind }) => kind === 'resume');
    expect(resumes).toHaveLength(2);
    for (const { id: document } of resumes) {
      const { record } = await readResume((await bytes(client.get(`/api/files/${document}`))).body as Buffer);
      expect(record.work.map(({ name }) => name)).toEqual(['Northwind GmbH', 'Contoso AG']);
      expect(JSON.stringify(record)).not.toContain('Rockets');
    }
    const told = new SectionTexts();
    const { data: run } = await client.graphql<{ runEvents: { events: RunEvent[] } }>('query ($id: ID!) { runEvents(runId: $id, first: 200) { events { sequence at kind data } } }', { id: runId });
    told.add(run.runEvents.events);
    expect(Object.keys(Object.fromEntries(joinedParts(told.sections).map(({ name, text }) => [name, text])))).toContain('polish: cover letter');
  });

  it('until somebody cancels, then from a step', async () => {
    const write = model.otherwise;
    model.otherwise = (call) => (taskOf(call) === 'work' ? { status: 503 } : write(call));
    const { id } = await ask(OPTIMIZE, { id: applicationId });
    expect((await ask(CANCEL, { id })).state.status).toBe('cancelled');
    model.otherwise = write;
    await ask(RETRY, { id });
    await ended(id, 'ready');
    const before = model.received.length;
    expect((await ask(RETRY, { id, step: 'polish: summary' })).state.status).toBe('running');
    await ended(id, 'ready');
    expect(model.received.slice(before).map(taskOf)).not.toContain('analysis');
  });

  it('by nobody without the right', async () => {
    await addMember(perch.database, 'Ines Interviewer', 'interviewer');
    const ines = await new Client(perch.address).signIn('ines.interviewer@perch.example', MEMBER_PASSWORD);
    await expect(ask(OPTIMIZE, { id: applicationId }, ines)).rejects.toThrow('FORBIDDEN');
    await expect(ask(OPTIMIZE, { id: applicationId }, new Client(perch.address))).rejects.toThrow('UNAUTHENTICATED');
  });
});

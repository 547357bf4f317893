import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { docxWith } from '../resume-analysis/hiding-files.js';
import { Client, type AnalysedApplication } from '../support/client.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';
import { cutResume, resume } from '../support/resumes.js';
import { SHAPES } from '../support/shapes.js';

interface Accepted {
  readonly applicationId: string;
  readonly created: boolean;
  readonly statusToken: string;
}

const pdf = resume('engineer.pdf');
const countOf = (perch: Perch, email: string): Promise<{ count: number }[]> => perch.database.query(
  'SELECT count(*)::int AS count FROM application a JOIN candidate c ON c.id = a.candidate_id JOIN person_email e ON e.person_id = c.person_id WHERE e.address = $1', [email]);

describe.each<Shape>(SHAPES)('applying, in the shape %s', (shape) => {
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    perch = await startPerch(shape);
    client = await new Client(perch.address).signIn();
  });
  afterAll(() => perch.stop());

  it.each([['engineer.pdf'], ['engineer.docx']])('ends in a scored resume, %s', async (file) => {
    const { body, status } = await client.apply({ email: `${file}@example.com`, resume: resume(file), fileName: file });
    expect(status).toBe(201);
    const found = await client.analysed((body as Accepted).applicationId);
    expect(found.analysis).toMatchObject({ state: 'done', attempts: 1, errorCode: null });
    expect(found.score).toBeGreaterThan(0);
    const parts = found.scoreRun!.parts;
    expect(parts.reduce((sum, part) => sum + part.maximum, 0)).toBeCloseTo(100, 0);
    expect(parts.some((part) => part.evidence !== null && part.evidence.quote.length > 3)).toBe(true);
    expect(found.candidate.documents[0]!.parsed!.basics.name).toMatch(/\w+ \w+/);
  });

  it('shows hidden text and counts none', async () => {
    const stuffed = 'TypeScript, PostgreSQL and Kubernetes';
    const scored = async (email: string, hidden: boolean): Promise<AnalysedApplication> => {
      const { body } = await client.apply({ email, resume: docxWith(stuffed, hidden ? { run: '<w:vanish/>' } : {}), fileName: 'resume.docx' });
      return client.analysed((body as Accepted).applicationId);
    };
    const open = await scored('open@example.com', false);
    const sly = await scored('sly@example.com', true);
    expect([open.candidate.documents[0]!.hiddenText, sly.candidate.documents[0]!.hiddenText]).toEqual([[], [stuffed]]);
    expect(sly.score).toBeLessThan(open.score!);
    expect(sly.scoreRun!.flags).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'hidden', quote: stuffed })]));
    expect(JSON.stringify(sly.scoreRun!.parts)).not.toContain(stuffed);
  });

  it('takes the same submission once', async () => {
    const submission = { email: 'twice@example.com', resume: pdf };
    const first = await client.apply(submission);
    const second = await client.apply(submission);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toMatchObject({ applicationId: (first.body as Accepted).applicationId, created: false });
    expect(await countOf(perch, 'twice@example.com')).toEqual([{ count: 1 }]);
  });

  it('takes simultaneous repetitions once', async () => {
    const submission = { email: 'storm@example.com', resume: pdf, key: 'storm' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.apply(submission)));
    expect(new Set(answers.map((answer) => (answer.body as Accepted).applicationId)).size).toBe(1);
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(await countOf(perch, 'storm@example.com')).toEqual([{ count: 1 }]);
  });

  it('refuses another request under a used key', async () => {
    await client.apply({ email: 'key@example.com', resume: pdf, key: 'used' });
    const { status, body } = await client.apply({ email: 'other@example.com', resume: pdf, key: 'used' });
    expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await countOf(perch, 'other@example.com')).toEqual([{ count: 0 }]);
  });

  it('keeps an application whose resume is unreadable', async () => {
    const { body, status } = await client.apply({ email: 'cut@example.com', resume: cutResume() });
    expect(status).toBe(201);
    const { applicationId } = body as Accepted;
    const found = await client.analysed(applicationId);
    expect(found.analysis).toMatchObject({ state: 'dead', attempts: 1 });
    expect(found.analysis.errorMessage).toMatch(/\w{3,}/);
    const retried = await client.graphql<{ retryBackgroundJob: { state: string } }>(
      'mutation ($id: ID!) { retryBackgroundJob(id: $id) { state } }', { id: found.analysis.id });
    expect(retried.errors).toBeUndefined();
    const again = await client.analysed(applicationId, ({ analysis }) => analysis.state === 'dead' && analysis.attempts === 2);
    expect(again.score).toBeNull();
  });

  it('tells the applicant the status by token', async () => {
    const { body } = await client.apply({ email: 'status@example.com', resume: pdf });
    const { statusToken } = body as Accepted;
    const asked = await request(perch.address).get(`/api/applications/status?token=${statusToken}`);
    expect(asked.body).toMatchObject({ jobTitle: 'Senior Backend Engineer', status: 'received' });
    const forged = `${statusToken.slice(0, -2)}${statusToken.endsWith('AA') ? 'BB' : 'AA'}`;
    expect((await request(perch.address).get(`/api/applications/status?token=${forged}`)).status).toBe(404);
  });
});

describe('what applying refuses', () => {
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    perch = await startPerch('process');
    client = new Client(perch.address);
  });
  afterAll(() => perch.stop());

  it('refuses a program named resume.pdf', async () => {
    const { status, body } = await client.apply({ email: 'a@example.com', resume: Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0') });
    expect([status, body.code, body.field]).toEqual([415, 'UNSUPPORTED_FILE', 'resume']);
  });

  it('refuses a file beyond 10 MB', async () => {
    const { status, body } = await client.apply({ email: 'a@example.com', resume: Buffer.concat([pdf, Buffer.alloc(10_500_000)]) });
    expect([status, body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('refuses an unknown job and workspace', async () => {
    expect((await client.apply({ email: 'a@example.com', resume: pdf, posting: 'no-such-job' })).body.code).toBe('NOT_FOUND');
    const { body } = await request(perch.address).post('/api/applications').field({ workspace: 'nobody', posting: 'x', name: 'A', email: 'a@example.com' }).attach('resume', pdf, 'r.pdf');
    expect(body.code).toBe('NOT_FOUND');
  });

  it('names the field that is wrong', async () => {
    const { status, body } = await client.apply({ email: 'not an address', resume: pdf });
    expect([status, body.code, body.field]).toEqual([400, 'INVALID_INPUT', 'email']);
  });

  it('accepts JSON with the file as base64', async () => {
    const { status, body } = await request(perch.address).post('/api/applications').send({
      workspace: 'demo', posting: 'product-designer', name: 'J. Son', email: 'json@example.com', resume: { name: 'r.pdf', content: pdf.toString('base64') },
    });
    expect(status).toBe(201);
    expect((body as Accepted).created).toBe(true);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { restDocument } from '../../src/bootstrap/rest-document.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';
import { SHAPES } from '../support/shapes.js';
import { DOCUMENT_FILE, RestBench } from './rest-bench.js';

describe('the document', () => {
  it('is made of the declarations', () => {
    expect(readFileSync(DOCUMENT_FILE, 'utf8')).toBe(restDocument());
  });
});

describe.each(SHAPES)('REST over %s', (shape) => {
  let perch: Perch;
  let program: RestBench;

  beforeAll(async () => {
    perch = await startPerch(shape);
    program = await RestBench.withScopes(await new Client(perch.address).signIn(), allScopes());
  });
  afterAll(() => perch.stop());

  it('serves the document to everybody', async () => {
    const { status, text } = await new RestBench(perch.address, null).get('/openapi.json');
    expect([status, `${JSON.stringify(JSON.parse(text), null, 1)}\n`]).toEqual([200, readFileSync(DOCUMENT_FILE, 'utf8')]);
  });

  it('leads somebody new to a stage', async () => {
    const made = await program.post('/people', { displayName: 'Rosa Rest', email: 'rosa@example.com', phone: '+49 30 1234567' });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({ etag: '"1"', location: `/api/v1/people/${String(made.body['id'])}`, 'ratelimit-policy': '"rest";q=600;w=60' });
    expect((await program.get(`/people/${String(made.body['id'])}`)).body).toEqual(made.body);
    expect(made.body).toMatchObject({ displayName: 'Rosa Rest', emails: ['rosa@example.com'], phones: ['+49 30 1234567'] });
    const { body: candidate } = await program.post('/candidates', { personId: made.body['id'] });
    const [opening] = await perch.database.query<{ id: string }>("SELECT id FROM job_opening WHERE status = 'open' LIMIT 1");
    const { status, body: application } = await program.post('/applications', { candidateId: candidate['id'], jobOpeningId: opening!.id });
    expect([status, application]).toMatchObject([201, { status: 'active', candidateId: candidate['id'] }]);
    const [stage] = await perch.database.query<{ id: string }>("SELECT s.id FROM pipeline_stage s JOIN job_opening o ON o.pipeline_id = s.pipeline_id WHERE o.id = $1 AND s.category = 'interview'", [opening!.id]);
    const path = `/applications/${String(application['id'])}`;
    expect((await program.post(`${path}/move`, { stageId: stage!.id })).body).toMatchObject({ stageId: stage!.id });
    expect((await program.items(`${path}/stage-events`)).at(-1)).toMatchObject({ toStageId: stage!.id, actorType: 'api_key' });
    expect((await program.post(`${path}/reject`, { reason: 'Too far away' })).body).toMatchObject({ status: 'rejected', rejectReason: 'Too far away' });
    expect((await program.post(`${path}/restore`)).body).toMatchObject({ status: 'active', rejectReason: null });
    expect((await program.post(`${path}/withdraw`, { reason: 'Took another job' })).body).toMatchObject({ status: 'withdrawn' });
    expect((await program.post(`${path}/withdraw`, { reason: 'Again' })).body).toMatchObject({ status: 409, code: 'APPLICATION_CLOSED' });
  });

  it('reads a list by its links', async () => {
    const names: unknown[] = [];
    let path: string | undefined = '/people?limit=7&sort=name&text=a';
    for (let pages = 0; path !== undefined && pages < 30; pages++) {
      const { status, headers, body } = await program.get(path);
      expect(status).toBe(200);
      names.push(...(body['items'] as unknown as { displayName: string }[]).map(({ displayName }) => displayName));
      path = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
    }
    const [{ count }] = await perch.database.query<{ count: number }>("SELECT count(*)::int AS count FROM person WHERE display_name ILIKE '%a%' AND workspace_id = (SELECT id FROM workspace WHERE slug = 'demo')") as [{ count: number }];
    expect([names.length, new Set(names).size > 7]).toEqual([count, true]);
  });
});

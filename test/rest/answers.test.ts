import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Perch } from '../support/perch.js';
import { callOn, openOffice, type Records } from './office-records.js';
import { document, faultsOf, operations, RestBench } from './rest-bench.js';

describe('answers of REST', () => {
  let perch: Perch;
  let program: RestBench;
  let records: Records;

  beforeAll(async () => {
    const office = await openOffice('functions');
    ({ perch, program } = office);
    const { body } = await program.post('/job-openings', { title: 'Another', description: 'Another job.' });
    records = { ...office.records, 'other-opening': String(body['id']) };
  });
  afterAll(() => perch.stop());

  it('are as the document says', async () => {
    const ends = ['restoreApplication', 'closeJobOpening', 'rejectApplication', 'withdrawApplication'];
    const last = ({ operationId }: { operationId: string }): number => ends.indexOf(operationId);
    const statuses: Record<string, number> = {};
    for (const operation of [...operations].sort((a, b) => last(a) - last(b))) {
      const answer = await callOn(program, operation, records);
      statuses[operation.operationId] = answer.status;
      expect(faultsOf(operation, answer)).toEqual([]);
    }
    // Whoever was rejected cannot withdraw.
    expect(Object.entries(statuses).filter(([, status]) => status >= 300)).toEqual([['withdrawApplication', 409]]);
    expect(operations.length).toBeGreaterThan(28);
  });

  it('that are wrong would be noticed', async () => {
    const operation = operations.find(({ operationId }) => operationId === 'getPerson')!;
    const answer = await program.get(`/people/${records['people']!}`);
    expect(faultsOf(operation, { ...answer, body: { ...answer.body, workspaceId: 'x' } })).toHaveLength(1);
    expect(faultsOf(operation, { ...answer, body: { ...answer.body, version: '1' } })).toHaveLength(1);
    expect(faultsOf(operation, { ...answer, status: 302 })).toHaveLength(1);
  });

  it('that refuse are as the document says', async () => {
    for (const operation of operations) {
      const answer = await program.send(operation.method, `${operation.path.replace('{id}', '01900000-0000-7000-8000-000000000000')}?surprise=1`, operation.method === 'GET' ? undefined : '{"surprise":1}', { 'if-match': '"1"' });
      expect([operation.operationId, answer.status, answer.body['code']]).toEqual([operation.operationId, 400, 'INVALID_INPUT']);
      expect(faultsOf(operation, answer)).toEqual([]);
    }
  });

  it('know the methods of an address', async () => {
    const { status, headers } = await program.send('DELETE', '/people');
    expect([status, headers['allow']]).toEqual([405, 'GET, POST']);
    expect((await program.get('/nothing')).status).toBe(404);
    expect((await program.send('HEAD', '/people')).status).toBe(200);
    expect((await program.get('/people/not-an-id')).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('name no schema twice', () => {
    expect(Object.keys(document.components.schemas)).toEqual([...new Set(Object.keys(document.components.schemas))].sort());
    expect(JSON.stringify(document)).not.toContain('$defs');
  });
});

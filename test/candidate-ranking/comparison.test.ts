import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/common/ids.js';
import { CandidateComparisonService, type Comparison } from '../../src/features/candidate-ranking/candidate-comparison.service.js';
import { Office, refusal } from '../support/office.js';
import { RankingBench } from './ranking-bench.js';

describe('a comparison of candidates', () => {
  let office: Office;
  let bench: RankingBench;
  let ids: string[];

  beforeAll(async () => {
    office = await Office.open();
    bench = await RankingBench.open(office, 'compare');
    ids = [await bench.candidate('Ada', ['TypeScript for a bank']), await bench.candidate('Ben', ['PostgreSQL for a shop', 'TypeScript TypeScript TypeScript'])];
  });
  afterAll(() => office.close());

  const compare = (candidates: readonly string[], jobOpeningId = bench.jobOpeningId): Promise<Comparison> =>
    bench.call((context) => office.get(CandidateComparisonService).compare(context, jobOpeningId, candidates));

  it('has a row a criterion, with quotes', async () => {
    const { candidates, rows } = await compare([ids[1]!, ids[0]!]);
    expect(candidates.map(({ candidateId, flags }) => [candidateId, flags.map(({ kind }) => kind)])).toEqual([[ids[1], ['repeated']], [ids[0], []]]);
    expect(rows.slice(0, 2).map(({ label, cells }) => [label, ...cells.map((cell) => cell?.evidence?.quote ?? null)])).toEqual([['TypeScript', null, 'TypeScript for a bank'], ['PostgreSQL', 'PostgreSQL for a shop', null]]);
    expect(rows.map(({ kind }) => kind)).toEqual(['must', 'must', 'nice', 'title', 'experience']);
    for (const [index, { score }] of candidates.entries()) expect(rows.reduce((sum, { cells }) => sum + cells[index]!.points, 0)).toBeCloseTo(score!, 1);
  });

  it('leaves empty who was never read', async () => {
    const unread = await bench.candidate('Cleo', []);
    await office.database.query('DELETE FROM document_text WHERE document_id = (SELECT id FROM document WHERE candidate_id = $1)', [unread]);
    const { candidates, rows } = await compare([unread, ids[0]!]);
    expect(candidates[0]).toEqual({ candidateId: unread, score: null, flags: [] });
    expect(rows.map(({ cells }) => cells[0])).toEqual([null, null, null, null, null]);
  });

  it('takes two to five different candidates', async () => {
    expect(await refusal(compare([ids[0]!]))).toBe('INVALID_INPUT');
    expect(await refusal(compare([ids[0]!, ids[0]!]))).toBe('INVALID_INPUT');
    expect(await refusal(compare(Array.from({ length: 6 }, () => newId())))).toBe('INVALID_INPUT');
  });

  it('knows only its own workspace', async () => {
    const other = await RankingBench.open(office, 'compare-other');
    const stranger = await other.candidate('Stranger', ['TypeScript']);
    expect(await refusal(compare([ids[0]!, stranger]))).toBe('NOT_FOUND');
    expect(await refusal(compare(ids, other.jobOpeningId))).toBe('NOT_FOUND');
    expect(await refusal(compare([ids[0]!, 'nobody']))).toBe('NOT_FOUND');
    expect(await refusal(compare(ids, 'nothing'))).toBe('NOT_FOUND');
  });
});

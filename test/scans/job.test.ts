import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemContext } from '../../src/common/request-context.js';
import { Office, type Team } from '../support/office.js';
import { resume } from '../support/resumes.js';
import { jpegPage, pdfOf, pictures, scanOf } from './scan-files.js';

interface JobRow {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly cursor: { readonly done: number } | null;
  readonly progressPercent: number;
  readonly errorCode: string | null;
}

const JOBS = 'SELECT id, type, state, cursor, progress_percent AS "progressPercent", error_code AS "errorCode" FROM background_job WHERE subject_id = $1 ORDER BY id';
const LIMIT_MS = 120_000;

describe('a scanned resume', () => {
  let office: Office;
  let team: Team;
  let page: Buffer;

  beforeAll(async () => {
    office = await Office.open();
    team = await office.team('scans');
    page = pictures(resume('second.pdf'), { dots: 150 })[0]!;
  });
  afterAll(() => office.close());

  const jobs = (applicationId: string): Promise<JobRow[]> => office.database.query<JobRow>(JOBS, [applicationId]);
  const pages = async (applicationId: string): Promise<number[]> => (await office.database.query<{ page: number }>(
    'SELECT r.page FROM recognized_page r JOIN application a ON a.resume_document_id = r.document_id WHERE a.id = $1 ORDER BY r.page', [applicationId])).map((row) => row.page);

  async function applicant(content: Buffer): Promise<{ id: string; recognition: string }> {
    const id = await team.applicant('Camille Example', content);
    expect(await office.work('analyzeResume')).toEqual([expect.objectContaining({ kind: 'done' })]);
    return { id, recognition: (await jobs(id)).at(-1)!.id };
  }

  it('is recognised and then analysed', async () => {
    const { id, recognition } = await applicant(scanOf(resume('engineer.pdf')));
    expect(await office.database.query('SELECT analysis_job_id AS job FROM application WHERE id = $1', [id])).toEqual([{ job: recognition }]);
    await office.work('recognizeResume');
    await office.work('analyzeResume');
    expect((await jobs(id)).map(({ type, state }) => [type, state])).toEqual([['analyzeResume', 'done'], ['recognizeResume', 'done'], ['analyzeResume', 'done']]);
    const [document] = await office.database.query<{ parsed: { basics: { name: string } }; recognized: number; score: string | null; job: string }>(
      'SELECT d.parsed, d.recognized_pages AS recognized, a.score, a.analysis_job_id AS job FROM document d JOIN application a ON a.resume_document_id = d.id WHERE a.id = $1', [id]);
    expect(document).toMatchObject({ parsed: { basics: { name: 'Jane Q. Fullstacker', email: 'jdoe@onecoolstartup.io' } }, recognized: 1, score: expect.anything(), job: (await jobs(id)).at(-1)!.id });
  }, LIMIT_MS);

  it('goes on after the last page that was stored', async () => {
    const { id, recognition } = await applicant(pdfOf([page, page, page].map((jpeg) => jpegPage(jpeg, 150))));
    // What the first process has left is enough for one page and too little to begin another.
    expect(await office.deliverWithin(team.workspaceId, recognition, 8_500)).toMatchObject({ kind: 'yielded' });
    expect((await jobs(id)).at(-1)).toMatchObject({ type: 'recognizeResume', state: 'queued', cursor: { done: 1 }, progressPercent: 33 });
    expect(await pages(id)).toEqual([1]);
    const first = (): Promise<object[]> => office.database.query('SELECT r.created_at FROM recognized_page r JOIN application a ON a.resume_document_id = r.document_id WHERE a.id = $1 AND r.page = 1', [id]);
    const before = await first();
    await office.work('recognizeResume');
    expect(await pages(id)).toEqual([1, 2, 3]);
    expect(await first()).toEqual(before);
    await office.work('analyzeResume');
    expect((await jobs(id)).map(({ type, state }) => [type, state])).toEqual([['analyzeResume', 'done'], ['recognizeResume', 'done'], ['analyzeResume', 'done']]);
  }, LIMIT_MS);

  it('is recognised once', async () => {
    const { id } = await applicant(pdfOf([jpegPage(page, 150)]));
    await office.work('recognizeResume');
    await office.work('analyzeResume');
    const [{ documentId }] = await office.database.query<{ documentId: string }>('SELECT resume_document_id AS "documentId" FROM application WHERE id = $1', [id]) as [{ documentId: string }];
    const { ResumeAnalysisService } = await import('../../src/features/resume-analysis/resume-analysis.service.js');
    await office.call(systemContext(team.workspaceId), (context) => office.get(ResumeAnalysisService).enqueue(context, id, documentId, ' again'));
    await office.work('analyzeResume');
    expect((await jobs(id)).filter(({ type }) => type === 'recognizeResume')).toHaveLength(1);
    expect((await jobs(id)).filter(({ type }) => type === 'analyzeResume').map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  }, LIMIT_MS);

  it('ends without text where there is none', async () => {
    const blank = pictures(pdfOf([{ width: 595, height: 842, images: [], content: '' }]), { dots: 100 })[0]!;
    const { id } = await applicant(pdfOf([jpegPage(blank, 100)]));
    await office.work('recognizeResume');
    await office.work('analyzeResume');
    expect((await jobs(id)).at(-1)).toMatchObject({ type: 'analyzeResume', state: 'dead', errorCode: 'DOCUMENT_HAS_NO_TEXT' });
  }, LIMIT_MS);

  it('is seen by its workspace only', async () => {
    const other = await office.team('strangers');
    const { RecognizedPages } = await import('../../src/features/recruiting/documents/recognized-pages.service.js');
    const [{ documentId }] = await office.database.query<{ documentId: string }>('SELECT document_id AS "documentId" FROM recognized_page LIMIT 1') as [{ documentId: string }];
    const list = (workspaceId: string): Promise<number> => office.call(systemContext(workspaceId), async (context) => (await office.get(RecognizedPages).list(context, documentId)).length);
    expect([await list(team.workspaceId), await list(other.workspaceId)]).toEqual([expect.any(Number), 0]);
    expect(await list(team.workspaceId)).toBeGreaterThan(0);
  });
});

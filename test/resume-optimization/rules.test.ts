import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';
import { DocumentService } from '../../src/features/recruiting/documents/document.service.js';
import { refusal } from '../support/office.js';
import { OptimizationBench, RESUME } from './optimization-bench.js';

describe('a resume rewritten without a model', () => {
  let bench: OptimizationBench;

  beforeAll(async () => {
    bench = await OptimizationBench.open(false);
  });
  afterAll(() => bench.close());

  it('says first what the job asks for', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    expect((await bench.finish(runId)).outcome.kind).toBe('done');
    const { source, record, findings, letter } = (await bench.result(id))!;
    expect(record.work[0]!.highlights).toEqual([
      'Led 5 engineers who moved 120 pipelines to PostgreSQL', 'Cut the nightly load from 6 hours to 40 minutes with Python and Airflow', 'Introduced on-call training for 14 colleagues',
    ]);
    expect([...record.work[0]!.highlights!].sort()).toEqual([...source.record.work[0]!.highlights!].sort());
    expect(record.skills.slice(0, 2).map(({ name }) => name).sort()).toEqual(['PostgreSQL', 'Python']);
    expect(record.skills).toHaveLength(5);
    expect(findings.refused).toEqual([]);
    expect(findings.misread).toEqual([]);
    expect(letter.length).toBeGreaterThan(1);
  });

  it('quotes the source for every claim', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    await bench.finish(runId);
    const { source, findings } = (await bench.result(id))!;
    const claims = findings.kept.filter(({ section }) => section !== 'cover letter');
    expect(claims.length).toBeGreaterThanOrEqual(6);
    for (const { text, quotes } of claims) expect(quotes.some(({ line, text: said }) => source.lines[line - 1] === said && said.includes(text.split(' ').at(-1)!.replace(/[.]$/, '')))).toBe(true);
  });

  it('is stored as four readable documents', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    await bench.finish(runId);
    const { documentIds } = await bench.office.call(bench.team.as('rita'), (context) => bench.variants.get(context, id));
    expect(documentIds).toHaveLength(4);
    const rows = await bench.office.database.query<{ kind: string; mime: string }>('SELECT kind, mime_type AS mime FROM document WHERE id = ANY ($1) ORDER BY kind, mime', [documentIds]);
    expect(rows.map(({ kind, mime }) => `${kind} ${mime.split(/[/.]/).at(-1)}`)).toEqual(['cover_letter pdf', 'cover_letter document', 'resume pdf', 'resume document']);
    const content = await bench.office.call(bench.team.as('rita'), (context) => bench.office.get(DocumentService).content(context, documentIds[1]!));
    expect((await readResume(content)).record.work.map(({ name }) => name)).toEqual(['Northwind GmbH', 'Contoso AG']);
  });

  it('is the same each time', async () => {
    const application = await bench.applicant();
    const results = [];
    for (let time = 0; time < 2; time++) {
      const { id, runId } = await bench.start(application);
      await bench.finish(runId);
      const { record, letter, findings } = (await bench.result(id))!;
      results.push({ record, letter, findings });
    }
    expect(results[1]).toEqual(results[0]);
  });

  it('is written once at a time', async () => {
    const application = await bench.applicant();
    const first = await bench.start(application);
    expect(await bench.start(application)).toEqual(first);
    const both = await Promise.all([bench.start(application), bench.start(application)]);
    expect(both.map(({ id }) => id)).toEqual([first.id, first.id]);
    await bench.finish(first.runId);
    expect((await bench.start(application)).id).not.toBe(first.id);
  });

  it('can be cancelled and begun again', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    await bench.variants.cancel(bench.team.as('rita'), id);
    expect(await bench.deliver(runId)).toEqual({ kind: 'settled' });
    await bench.variants.retry(bench.team.as('rita'), id, null);
    expect((await bench.finish(runId)).outcome.kind).toBe('done');
    expect(await bench.result(id)).not.toBeNull();
  });

  it('can be repeated from a step', async () => {
    const { id, runId } = await bench.start(await bench.applicant());
    await bench.finish(runId);
    await bench.variants.retry(bench.team.as('rita'), id, 'polish: summary');
    expect(await bench.result(id)).toBeNull();
    const { state } = (await bench.steps(runId)).find(({ name }) => name === 'validation')!;
    expect(state).toBe('done');
    expect((await bench.steps(runId)).some(({ name }) => name.startsWith('polish'))).toBe(false);
    await bench.finish(runId);
    expect(await bench.result(id)).not.toBeNull();
  });

  it('needs a resume', async () => {
    const application = await bench.applicant(RESUME);
    await bench.office.database.query('UPDATE application SET resume_document_id = NULL WHERE id = $1', [application]);
    expect(await refusal(bench.start(application))).toBe('NO_RESUME');
    expect(await refusal(bench.start('nonsense'))).toBe('NOT_FOUND');
  });

  it('stays in its workspace', async () => {
    const { id } = await bench.start(await bench.applicant());
    const stranger = await bench.office.team('strangers');
    await stranger.member('sam', 'owner');
    expect(await refusal(bench.office.call(stranger.as('sam'), (context) => bench.variants.get(context, id)))).toBe('NOT_FOUND');
  });
});

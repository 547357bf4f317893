import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanOf } from '../scans/scan-files.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';
import { resume } from '../support/resumes.js';
import { SHAPES } from '../support/shapes.js';

describe.each<Shape>(SHAPES)('a scanned resume, in the shape %s', (shape) => {
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    perch = await startPerch(shape);
    client = await new Client(perch.address).signIn();
  });
  afterAll(() => perch.stop());

  it('is recognised, read and scored', async () => {
    const { body } = await client.apply({ email: 'camille@example.com', resume: scanOf(resume('second.pdf')), fileName: 'scan.pdf' });
    const { applicationId } = body as { applicationId: string };
    const found = await client.analysed(applicationId);
    expect(found.analysis.state).toBe('done');
    expect(await perch.database.query('SELECT type, state FROM background_job WHERE subject_id = $1 ORDER BY id', [applicationId])).toEqual([
      { type: 'analyzeResume', state: 'done' }, { type: 'recognizeResume', state: 'done' }, { type: 'analyzeResume', state: 'done' }]);
    const [document] = await perch.database.query<{ parsed: object; pages: number }>(
      'SELECT d.parsed, d.recognized_pages AS pages FROM document d JOIN application a ON a.resume_document_id = d.id WHERE a.id = $1', [applicationId]);
    expect(document).toMatchObject({ pages: 1, parsed: { work: [{ name: 'Doctolib' }, { name: 'Agence Backelite' }] } });
  }, 90_000);
});

import { expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { resumeDocument } from '../../src/features/resume-analysis/documents/resume-document.js';
import type { DocumentModel, WrittenDocument } from '../../src/infrastructure/documents/writing/document-model.js';
import { printableDocument } from '../../src/infrastructure/documents/writing/printable-text.js';
import { writeDocument } from '../../src/infrastructure/documents/writing/write-document.js';
import { PEOPLE } from './people.js';

interface Writers {
  writePdf(model: DocumentModel): Promise<WrittenDocument>;
  writeDocx(model: DocumentModel): Promise<Buffer>;
}

const built = createRequire(import.meta.url);
const writers = (name: string): Writers => built(`../../functions/${name}.cjs`) as Writers;

it('the built writers write the same bytes', async () => {
  for (const { record, language } of PEOPLE) {
    const model = resumeDocument(record, { language });
    const pdf = await writers('pdf-writer').writePdf(printableDocument(model));
    expect(pdf.content.equals((await writeDocument(model, 'pdf')).content)).toBe(true);
    const docx = await writers('docx-writer').writeDocx(printableDocument(model));
    expect(docx.equals((await writeDocument(model, 'docx')).content)).toBe(true);
  }
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cutResume, resume } from '../support/resumes.js';
import { areaBomb, docxBomb, docxDeep, docxExternal, docxLaughs, docxManyParts, flateBomb, htmlAttribute, htmlAttributes, htmlBrackets, htmlComments, htmlDeep, htmlEntities, lockedPdf, manyPages, manyStreams, operatorBomb, scannedPdf } from './hostile-files.js';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('./read-one.js', import.meta.url));
const LIMIT_MS = 2_000;
const LIMIT_MB = 256;

interface Ending {
  readonly code: string;
  readonly message: string;
  readonly permanent: boolean;
  readonly milliseconds: number;
  readonly megabytes: number;
}

const FILES: readonly (readonly [string, () => Buffer])[] = [
  ['a truncated PDF', cutResume],
  ['random bytes after a PDF header', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(200_000)])],
  ['random bytes', () => randomBytes(200_000)],
  ['a PDF that unpacks to a gigabyte', flateBomb],
  ['a PDF of five million commands', operatorBomb],
  ['a PDF of a million areas', areaBomb],
  ['a PDF of 30,000 streams', manyStreams],
  ['a locked PDF', lockedPdf],
  ['a scanned PDF', scannedPdf],
  ['a PDF of 500 pages', () => manyPages(500)],
  ['a DOCX that unpacks to 200 MB', docxBomb],
  ['a DOCX of nested entities', docxLaughs],
  ['a DOCX that asks for a file', docxExternal],
  ['a DOCX of 5,000 parts', docxManyParts],
  ['a DOCX of 200,000 levels', docxDeep],
  ['a page of 200,000 levels', htmlDeep],
  ['a page of ten million brackets', htmlBrackets],
  ['a ZIP that is no document', () => Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), randomBytes(50_000)])],
];

/** What is odd and does no harm. */
const HARMLESS: readonly (readonly [string, () => Buffer])[] = [
  ['a page with a style sheet of comments', htmlComments],
  ['a page with 150,000 attributes', htmlAttributes],
  ['a page with an attribute of two megabytes', htmlAttribute],
  ['a page of a million entities', htmlEntities],
];

describe('reading', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'perch-hostile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function read(content: Buffer): Promise<Ending> {
    const file = join(folder, 'file');
    writeFileSync(file, content);
    const { stdout } = await run(process.execPath, ['--no-warnings', PROGRAM, file], { env: { PATH: process.env['PATH'] } });
    return JSON.parse(stdout) as Ending;
  }

  it.each(FILES)('ends soon and clearly, %s', async (name, make) => {
    const ending = await read(make());
    process.stderr.write(process.env['PERCH_SHOW'] ? `${name}: ${JSON.stringify(ending)}\n` : '');
    expect(ending).toMatchObject({ permanent: true, message: expect.stringMatching(/^[A-Z].{15,}\.$/) });
    expect(ending.milliseconds).toBeLessThan(LIMIT_MS);
    expect(ending.megabytes).toBeLessThan(LIMIT_MB);
  });

  it.each(HARMLESS)('succeeds soon, %s', async (_name, make) => {
    const ending = await read(make());
    expect(ending.code).toBe('READ');
    expect(ending.milliseconds).toBeLessThan(LIMIT_MS);
    expect(ending.megabytes).toBeLessThan(LIMIT_MB);
  });

  it('succeeds with a good file', async () => {
    expect((await read(resume('engineer.pdf'))).code).toBe('READ');
  });
});

import { afterAll, describe, expect, it } from '@jest/globals';
import { readResume, ScannedResumeError, type ReadResume } from '../../src/features/resume-analysis/resume-reader.js';
import type { RecognizedPage } from '../../src/infrastructure/documents/recognition/recognized-page.js';
import { ScanReader } from '../../src/infrastructure/documents/recognition/scan-reader.js';
import { resume } from '../support/resumes.js';
import { askewPage, jpegPage, pdfOf, pictures, scanOf, stencilPage, type ScanPage } from './scan-files.js';

const LIMIT_MS = 60_000;
const ENGINEER = { basics: { name: 'Jane Q. Fullstacker', email: 'jdoe@onecoolstartup.io', phone: '+16509997777' } };
const DESIGNER = { basics: { name: expect.stringMatching(/^Camille Lef.vre$/), phone: '+33612345678' }, work: [{ name: 'Doctolib', startDate: '2020-09' }, { name: 'Agence Backelite', startDate: '2016-02', endDate: '2020-08' }] };

async function pagesOf(content: Buffer): Promise<readonly number[]> {
  return readResume(content).then(() => [], (error: unknown) => {
    if (error instanceof ScannedResumeError) return error.pages;
    throw error;
  });
}

describe('the text of scans', () => {
  const open: ScanReader[] = [];
  afterAll(() => Promise.all(open.map((scan) => scan.close())));

  function scanner(content: Buffer): ScanReader {
    const scan = new ScanReader(content);
    open.push(scan);
    return scan;
  }

  async function recognize(content: Buffer): Promise<ReadResume> {
    const scan = scanner(content);
    const pages: RecognizedPage[] = [];
    for (const number of await pagesOf(content)) pages.push(await scan.recognize(number, LIMIT_MS, new AbortController().signal));
    await scan.close();
    expect(pages.length).toBeGreaterThan(0);
    return readResume(content, pages);
  }

  it('is recognised on a grey page', async () => {
    const { record } = await recognize(scanOf(resume('engineer.pdf')));
    expect(record).toMatchObject(ENGINEER);
    expect(record.work.map(({ name, startDate, endDate }) => [name, startDate, endDate])).toEqual([
      ['Area 52', '2013-09', undefined], ['Veridian Dynamics', '2011-07', '2013-08'], ['Stark Industries', '2008-10', '2011-06'], ['Dunder Mifflin', '2008-06', '2008-09']]);
  }, LIMIT_MS);

  it('is recognised in a dark column', async () => {
    const { record } = await recognize(scanOf(resume('sidebar.pdf')));
    const printed = await readResume(resume('sidebar.pdf'));
    expect(record.basics).toMatchObject({ name: expect.stringMatching(/^Camille Lef.vre$/), email: printed.record.basics.email, phone: printed.record.basics.phone });
    expect(record.work.map(({ name }) => name)).toEqual(printed.record.work.map(({ name }) => name));
  }, LIMIT_MS);

  it.each<[string, () => ScanPage]>([
    ['that stands on its head', () => jpegPage(pictures(resume('second.pdf'))[0]!, 200, 2)],
    ['that lies on its side', () => jpegPage(pictures(resume('second.pdf'))[0]!, 200, 1)],
    ['that is turned by its viewer', () => jpegPage(pictures(resume('second.pdf'))[0]!, 200, 1, 90)],
    ['that lies askew', () => askewPage(pictures(resume('second.pdf'))[0]!, 2)],
    ['of strips in black and white', () => stencilPage(resume('second.pdf'))],
    ['of 300 dots an inch', () => jpegPage(pictures(resume('second.pdf'), { dots: 300 })[0]!, 300)],
  ])('is recognised on a page %s', async (_name, page) => {
    expect((await recognize(pdfOf([page()]))).record).toMatchObject(DESIGNER);
  }, LIMIT_MS);

  it.each<['png' | 'jpeg', boolean]>([['png', true], ['jpeg', false]])('is recognised in a picture (%s)', async (format, grey) => {
    expect((await recognize(pictures(resume('second.pdf'), { format, grey })[0]!)).record).toMatchObject(DESIGNER);
  }, LIMIT_MS);

  it('joins the text that a file has', async () => {
    const cover: ScanPage = { width: 595, height: 842, images: [], content: 'BT /F 12 Tf 72 770 Td (Camille Lefevre, application for the post of a product designer) Tj ET' };
    const content = pdfOf([cover, jpegPage(pictures(resume('second.pdf'))[0]!)]);
    expect(await pagesOf(content)).toEqual([2]);
    const { lines } = await recognize(content);
    expect(lines[0]).toContain('application for the post');
    expect(lines.join('\n')).toContain('Agence Backelite');
  }, LIMIT_MS);

  it('lies straight where the page lay askew', async () => {
    const scan = scanner(pdfOf([askewPage(pictures(resume('second.pdf'))[0]!, 2)]));
    const { pieces } = await scan.recognize(1, LIMIT_MS, new AbortController().signal);
    await scan.close();
    const [figma, interviews] = ['Figma', 'Interviews'].map((text) => pieces.find((piece) => piece.text === text)!);
    expect(interviews!.x - figma!.x).toBeGreaterThan(200);
    expect(Math.abs(interviews!.y - figma!.y)).toBeLessThan(2);
  }, LIMIT_MS);

  it('is recognised in any two shades', async () => {
    const write = (x: number, y: number, size: number, text: string): string => `BT /F ${size} Tf ${x} ${y} Td (${text}) Tj ET`;
    const content = [
      '0.17 0.24 0.31 rg 0 0 190 842 re f 1 g', write(20, 790, 16, 'Contact'), write(20, 760, 10, 'Seattle, Washington'), write(20, 740, 10, '206 555 0177'),
      '0.95 0.77 0.06 rg', write(220, 790, 18, 'Experience'), '0.6 g', write(220, 765, 11, 'Product Manager'),
      '0 g', ...Array.from({ length: 30 }, (_, line) => write(220, 740 - 20 * line, 11, 'Launched a build cache that nine thousand teams use')),
    ].join(' ');
    const scan = scanner(scanOf(pdfOf([{ width: 595, height: 842, images: [], content }])));
    const { pieces } = await scan.recognize(1, LIMIT_MS, new AbortController().signal);
    await scan.close();
    expect(pieces.map(({ text }) => text)).toEqual(expect.arrayContaining(['Contact', 'Seattle, Washington', '206 555 0177', 'Experience', 'Product Manager', 'Launched a build cache that nine thousand teams use']));
  }, LIMIT_MS);

  it('is not looked for without pictures', async () => {
    const empty = pdfOf([{ width: 595, height: 842, images: [], content: 'BT /F 12 Tf 72 770 Td (Hello) Tj ET' }]);
    await expect(readResume(empty)).rejects.toMatchObject({ code: 'DOCUMENT_HAS_NO_TEXT' });
  });

  it('is missing on an empty page', async () => {
    const blank = pdfOf([jpegPage(pictures(pdfOf([{ width: 595, height: 842, images: [], content: '' }]))[0]!)]);
    await expect(recognize(blank)).rejects.toMatchObject({ code: 'DOCUMENT_HAS_NO_TEXT', message: expect.stringMatching(/sharper scan/) });
  }, LIMIT_MS);

  it('is recognised on ten pages at most', async () => {
    const page = jpegPage(pictures(resume('second.pdf'), { dots: 50 })[0]!, 50);
    expect(await pagesOf(pdfOf(Array.from({ length: 14 }, () => page)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is given up when it takes long', async () => {
    const scan = scanner(scanOf(resume('second.pdf'), { last: 1 }));
    await expect(scan.recognize(1, 50, new AbortController().signal)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX' });
    const controller = new AbortController();
    const stopped = scan.recognize(1, LIMIT_MS, controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(stopped).rejects.toThrow('cancelled');
    expect((await scan.recognize(1, LIMIT_MS, new AbortController().signal)).pieces.length).toBeGreaterThan(10);
  }, LIMIT_MS);

  it('is not looked for in damaged pictures', async () => {
    const [png] = pictures(resume('second.pdf'), { format: 'png' });
    const huge = Buffer.from(png!);
    huge.writeUInt32BE(100_000, 16);
    await expect(readResume(huge)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX', message: expect.stringMatching(/100000 by/) });
    await expect(recognize(png!.subarray(0, 2_000))).rejects.toMatchObject({ code: 'UNREADABLE_DOCUMENT' });
    await expect(readResume(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500)]))).rejects.toMatchObject({ code: 'UNREADABLE_DOCUMENT' });
  }, LIMIT_MS);
});

import { describe, expect, it } from '@jest/globals';
import { detectFormat } from '../../src/infrastructure/documents/detect-format.js';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';
import { resume } from '../support/resumes.js';
import { zip } from '../hostile/hostile-files.js';

const LINES = ['Zoë Example', 'zoe@example.com', 'Experience', 'Backend Engineer, Acme Ltd', 'January 2019 - March 2023', 'Skills', 'TypeScript, PostgreSQL, Kafka'];
const rtf = (): Buffer => Buffer.from(`{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 ${LINES.map((line) => line.replace('ë', "\\'eb")).join('\\par\n')}\\par}`, 'latin1');
const odt = (): Buffer => zip({
  mimetype: Buffer.from('application/vnd.oasis.opendocument.text'),
  'content.xml': Buffer.from(`<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>${LINES.map((line) => `<text:p>${line}</text:p>`).join('')}</office:text></office:body></office:document-content>`),
});

describe('a resume', () => {
  it.each([['txt', () => Buffer.from(LINES.join('\n'))], ['rtf', rtf], ['odt', odt]])('is read as %s', async (format, make) => {
    expect(detectFormat(make())).toBe(format);
    const { record } = await readResume(make());
    expect(record.basics).toMatchObject({ name: 'Zoë Example', email: 'zoe@example.com' });
    expect(record.work[0]).toMatchObject({ position: 'Backend Engineer', name: expect.stringContaining('Acme'), startDate: '2019-01', endDate: '2023-03' });
    expect(record.skills.map(({ name }) => name)).toEqual(expect.arrayContaining(['TypeScript', 'PostgreSQL', 'Kafka']));
  });

  it('is known by its bytes, not its name', () => {
    expect(detectFormat(resume('engineer.pdf'))).toBe('pdf');
    expect(detectFormat(resume('engineer.docx'))).toBe('docx');
    expect(detectFormat(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Buffer.alloc(600)]))).toBe('doc');
    expect(detectFormat(Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'))).toBeNull();
    expect(detectFormat(Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'))).toBe('png');
    expect(detectFormat(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toBe('jpeg');
    expect(detectFormat(Buffer.from('GIF89a\0\0\0', 'latin1'))).toBeNull();
  });
});

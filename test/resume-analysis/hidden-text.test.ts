import { describe, expect, it } from '@jest/globals';
import { AlignmentType, Document, Packer, Paragraph, ShadingType, TextRun } from 'docx';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';
import { zip } from '../hostile/hostile-files.js';
import { resume } from '../support/resumes.js';
import { docxWith, pdfWith, SECRET, write } from './hiding-files.js';

async function outcome(file: Buffer): Promise<{ readonly hidden: string; readonly seen: string }> {
  const { hidden, lines, record } = await readResume(file);
  expect(record.basics).toMatchObject({ name: 'Zoe Example', email: 'zoe@example.com' });
  return { hidden: hidden.map(({ text }) => text).join(' '), seen: lines.join(' ') + JSON.stringify(record) };
}

async function expectHidden(file: Buffer): Promise<void> {
  const { hidden, seen } = await outcome(file);
  expect(hidden).toBe(SECRET);
  expect(seen).not.toContain('Kubernetes');
}

async function expectSeen(file: Buffer): Promise<void> {
  const { hidden, seen } = await outcome(file);
  expect(hidden).toBe('');
  expect(seen).toContain(SECRET);
}

describe('in a PDF, nobody sees', () => {
  it.each([
    ['white text', () => pdfWith((page) => write(page.fillColor('white'), SECRET))],
    ['almost white text', () => pdfWith((page) => write(page.fillColor('#fdfdfd'), SECRET))],
    ['tiny text', () => pdfWith((page) => write(page.fontSize(1), SECRET))],
    ['text in rendering mode 3', () => pdfWith((page) => {
      page.addContent('3 Tr');
      write(page, SECRET);
    })],
    ['transparent text', () => pdfWith((page) => write(page.fillOpacity(0.01), SECRET))],
    ['dark text on its own colour', () => pdfWith((page) => write(page.rect(200, 380, 350, 60).fill('#203040').fillColor('#203040'), SECRET))],
    ['text under a white area', () => pdfWith((page) => write(page, SECRET).rect(200, 380, 350, 60).fill('white'))],
    ['text that is cut off', () => pdfWith((page) => write(page.rect(10, 10, 1, 1).clip(), SECRET))],
    ['white text that claims another colour', () => pdfWith((page) => {
      page.fillColor('white').addContent('% 0 g');
      write(page, SECRET);
    }, { compress: false })],
  ])('%s', async (_name, make) => expectHidden(await make()));

  it('text beside the page', async () => {
    expect((await outcome(await pdfWith((page) => write(page, SECRET, 900, 400)))).seen).not.toContain('Kubernetes');
  });

  it('white words behind seen ones', async () => {
    const { hidden, seen } = await outcome(await pdfWith((page) => {
      write(page, 'Python');
      write(page.fillColor('white'), ` ${SECRET}`, 220 + page.widthOfString('Python'));
    }));
    expect(hidden.trim()).toBe(SECRET);
    expect(seen).toContain('Python');
    expect(seen).not.toContain('Kubernetes');
  });
});

describe('in a PDF, everybody sees', () => {
  it.each([
    ['white text on a dark side', () => pdfWith((page) => write(page.rect(0, 200, 596, 500).fill('#203040').fillColor('white'), SECRET))],
    ['white text on a dark round', () => pdfWith((page) => write(page.roundedRect(200, 380, 350, 60, 12).fill('#203040').fillColor('white'), SECRET))],
    ['white text on a gradient', () => pdfWith((page) => write(page.rect(200, 380, 350, 60).fill(page.linearGradient(200, 0, 550, 0).stop(0, '#102030').stop(1, '#405060')).fillColor('white'), SECRET))],
    ['light grey text', () => pdfWith((page) => write(page.fillColor('#cccccc'), SECRET))],
    ['small text', () => pdfWith((page) => write(page.fontSize(5), SECRET))],
    ['text with a white shadow', () => pdfWith((page) => write(write(page.fillColor('white'), SECRET, 221, 401).fillColor('black'), SECRET))],
    ['text that is half transparent', () => pdfWith((page) => write(page.fillOpacity(0.5), SECRET))],
  ])('%s', async (_name, make) => expectSeen(await make()));

  it.each(['engineer.pdf', 'second.pdf', 'sidebar.pdf', 'engineer.docx'])('all of %s', async (name) => {
    expect((await readResume(resume(name))).hidden).toEqual([]);
  });
});

const white = '<w:color w:val="FFFFFF"/>';
const dark = '<w:shd w:val="clear" w:fill="203040"/>';

describe('in a Word document', () => {
  it.each([
    ['text marked as hidden', docxWith(SECRET, { run: '<w:vanish/>' })], ['white text', docxWith(SECRET, { run: white })], ['tiny text', docxWith(SECRET, { run: '<w:sz w:val="2"/>' })],
    ['dark text in a dark cell', docxWith(SECRET, { run: '<w:color w:val="203040"/>', cell: dark })],
  ])('nobody sees %s', async (_name, file) => expectHidden(file));

  it.each([
    ['text that is not hidden', docxWith(SECRET, { run: '<w:vanish w:val="0"/>' })], ['white text in a dark cell', docxWith(SECRET, { run: white, cell: dark })],
    ['white text in a dark paragraph', docxWith(SECRET, { run: white, paragraph: dark })], ['a white paragraph mark', docxWith(SECRET, { paragraph: `<w:rPr>${white}</w:rPr>` })],
    ['small text', docxWith(SECRET, { run: '<w:sz w:val="12"/>' })],
  ])('everybody sees %s', async (_name, file) => expectSeen(file));

  it('runs of an ordinary writer are told apart', async () => {
    const shading = { type: ShadingType.CLEAR, fill: '203040' };
    const lines = ['Zoe Example', 'zoe@example.com', 'Experience', 'Backend Engineer, Acme Ltd', 'January 2019 - March 2023'].map((text) => new Paragraph({ children: [new TextRun(text)], alignment: AlignmentType.LEFT }));
    const last = [new Paragraph({ children: [new TextRun('Python '), new TextRun({ text: SECRET, color: 'FFFFFF' })] }), new Paragraph({ children: [new TextRun({ text: 'Rust in white', color: 'FFFFFF', shading })] })];
    const { hidden, seen } = await outcome(await Packer.toBuffer(new Document({ sections: [{ children: [...lines, ...last] }] })));
    expect(hidden).toBe(SECRET);
    expect(seen).toContain('Rust in white');
  });
});

const SHORT = ['Zoe Example', 'zoe@example.com', 'Experience', 'Backend Engineer, Acme Ltd', 'January 2019 - March 2023'];
const odt = (style: string): Buffer => zip({
  mimetype: Buffer.from('application/vnd.oasis.opendocument.text'),
  'content.xml': Buffer.from(`<?xml version="1.0"?><office:document-content><office:automatic-styles><style:style style:name="T1"><style:text-properties ${style}/></style:style></office:automatic-styles><office:body><office:text>${SHORT.map((line) => `<text:p>${line}</text:p>`).join('')}<text:p><text:span text:style-name="T1">${SECRET}</text:span></text:p></office:text></office:body></office:document-content>`),
});
const rtf = (words: string): Buffer => Buffer.from(`{\\rtf1\\ansi{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue0;}${SHORT.join('\\par\n')}\\par{${words} ${SECRET}}\\par}`);

describe('in other documents', () => {
  it.each([['white', odt('fo:color="#ffffff"')], ['tiny', odt('fo:font-size="1pt"')], ['absent', odt('text:display="none"')], ['white', rtf('\\cf1')], ['tiny', rtf('\\fs2')], ['hidden', rtf('\\v')]])('nobody sees %s text', async (_name, file) => expectHidden(file));
  it.each([['black', odt('fo:color="#000000"')], ['shaded', odt('fo:color="#ffffff" fo:background-color="#203040"')], ['black', rtf('\\cf2')]])('everybody sees %s text', async (_name, file) => expectSeen(file));
});

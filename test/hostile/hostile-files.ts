import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** A PDF of the given objects; the first is the catalog. Streams are given as [dictionary, bytes]. */
export function pdf(objects: readonly (string | readonly [string, Buffer])[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  const push = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
  };
  objects.forEach((object, index) => {
    offsets.push(length);
    const [dictionary, bytes] = typeof object === 'string' ? [object, null] : object;
    push(Buffer.from(`${index + 1} 0 obj\n${dictionary}\n`));
    if (bytes) push(Buffer.concat([Buffer.from('stream\n'), bytes, Buffer.from('\nendstream\n')]));
    push(Buffer.from('endobj\n'));
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A PDF with one page that shows the given content stream. */
export const onePage = (content: readonly [string, Buffer], trailer = ''): Buffer => pdf([
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
  content,
  '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
], trailer);

const compressed = (bytes: Buffer): readonly [string, Buffer] => {
  const packed = deflateSync(bytes, { level: 9 });
  return [`<< /Length ${packed.length} /Filter /FlateDecode >>`, packed];
};
const plain = (text: string): readonly [string, Buffer] => [`<< /Length ${text.length} >>`, Buffer.from(text)];

/** One megabyte that becomes a gigabyte. */
export const flateBomb = (): Buffer => onePage(compressed(Buffer.alloc(1_000_000_000, 0x20)));
/** A small file with five million commands to draw text. */
export const operatorBomb = (): Buffer => onePage(compressed(Buffer.from(`BT /F1 9 Tf ${'(a) Tj '.repeat(5_000_000)} ET`)));
export const lockedPdf = (): Buffer => onePage(plain('BT /F1 9 Tf (secret) Tj ET'), '/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <' + '41'.repeat(32) + '> /U <' + '42'.repeat(32) + '> >> /ID [<00><00>]');
/** A page without a word: what a scanner makes. */
export const scannedPdf = (): Buffer => onePage(plain('0.5 g 0 0 612 792 re f'));

export function manyPages(count: number): Buffer {
  const kids = Array.from({ length: count }, (_, index) => `${index + 4} 0 R`).join(' ');
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << >> >>';
  return pdf(['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`, plain('0 g'), ...Array.from({ length: count }, () => page)]);
}

/** A ZIP archive of the files, deflated; OpenDocument wants its `mimetype` as it is. */
export function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const stored = name === 'mimetype';
    const packed = stored ? bytes : deflateRawSync(bytes, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, Buffer.from(name)]));
    local.push(head);
    offset += head.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

/** A Word document whose main part is the given XML. */
export const docx = (xml: Buffer | string): Buffer => zip({
  '[Content_Types].xml': Buffer.from('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
  'word/document.xml': Buffer.isBuffer(xml) ? xml : Buffer.from(xml),
});
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
export const docxBomb = (): Buffer => docx(Buffer.concat([Buffer.from(`<w:document ${W}><w:body><w:p><w:r><w:t>`), Buffer.alloc(200_000_000, 0x61), Buffer.from('</w:t></w:r></w:p></w:body></w:document>')]));
export const docxLaughs = (): Buffer => docx(`<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(1_000)}">]><w:document ${W}><w:body><w:p><w:r><w:t>${'&b;'.repeat(1_000)}</w:t></w:r></w:p></w:body></w:document>`);
export const docxDeep = (): Buffer => docx(`<w:document ${W}><w:body>${'<w:p>'.repeat(200_000)}${'</w:p>'.repeat(200_000)}</w:body></w:document>`);
/** Asks for a file of the machine that reads it. */
export const docxExternal = (): Buffer => docx(`<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document ${W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>`);
export const docxManyParts = (): Buffer => zip({ 'word/document.xml': Buffer.from(`<w:document ${W}/>`), ...Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`part${index}`, Buffer.from('x')])) });
/** A PDF with one page and tens of thousands of streams that nothing refers to. */
export const manyStreams = (): Buffer => pdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>', ...Array.from({ length: 30_000 }, () => plain('0 g'))]);
/** White text before a million areas, so that each would have to be compared. */
export const areaBomb = (): Buffer => onePage(compressed(Buffer.from(`BT /F1 9 Tf 1 1 1 rg 50 700 Td (hidden) Tj ET ${'9 9 99 99 re f '.repeat(1_000_000)}`)));

const html = (inside: string): Buffer => Buffer.from(`<!doctype html><html>${inside}</html>`);
export const htmlDeep = (): Buffer => html(`<body>${'<div>'.repeat(200_000)}x`);
export const htmlBrackets = (): Buffer => html(`<body>${'<'.repeat(9_900_000)}`);
export const htmlComments = (): Buffer => html(`<head><style>${'/*'.repeat(1_000_000)}${'{'.repeat(100_000)}</style></head><body>${'@media x {'.repeat(50_000)}`);
export const htmlAttributes = (): Buffer => html(`<body><p ${Array.from({ length: 150_000 }, (_, index) => `a${index}="${index}"`).join(' ')} style="${'color:#fff;'.repeat(10_000)}">${'&amp;'.repeat(50_000)}</p>`);
export const htmlAttribute = (): Buffer => html(`<body><p title="${'x'.repeat(1_900_000)}" class="${'a '.repeat(40_000)}">Zoe Example</p>`);
export const htmlEntities = (): Buffer => html(`<!DOCTYPE html [<!ENTITY a "ha">]><body>${'&a;&#65;'.repeat(350_000)}`);

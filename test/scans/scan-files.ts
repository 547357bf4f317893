import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { pictureSize } from '../../src/infrastructure/documents/recognition/picture-header.js';

export interface Scanned {
  readonly dots?: number;
  readonly format?: 'jpeg' | 'png';
  readonly grey?: boolean;
  readonly last?: number;
}

/** The pages of a PDF as a scanner would send them, drawn by poppler. */
export function pictures(pdf: Buffer, { dots = 200, format = 'jpeg', grey = true, last = 10 }: Scanned = {}): Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), 'perch-scan-'));
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf);
    execFileSync('pdftoppm', ['-r', String(dots), `-${format}`, ...(grey ? ['-gray'] : []), '-l', String(last), join(folder, 'in.pdf'), join(folder, 'page')]);
    return readdirSync(folder).filter((name) => name.startsWith('page')).sort().map((name) => readFileSync(join(folder, name)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page of a PDF: its content, and the pictures that it names /I0, /I1 and so on. */
export interface ScanPage {
  readonly width: number;
  readonly height: number;
  readonly content: string;
  readonly images: readonly { readonly entries: string; readonly bytes: Buffer }[];
  readonly rotate?: number;
}

/** Writes a PDF of such pages. Its text is drawn in Helvetica, /F. */
export function pdfOf(pages: readonly ScanPage[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.5\n')];
  const starts: number[] = [];
  const length = (): number => parts.reduce((sum, part) => sum + part.length, 0);
  const object = (number: number, ...body: (string | Buffer)[]): void => {
    starts[number] = length();
    parts.push(Buffer.from(`${number} 0 obj\n`), ...body.map((part) => Buffer.from(part as string)), Buffer.from('\nendobj\n'));
  };
  let next = 4;
  const ids = pages.map(({ images }) => ({ page: next++, content: next++, images: images.map(() => next++) }));
  object(1, '<</Type/Catalog/Pages 2 0 R>>');
  object(2, `<</Type/Pages/Kids[${ids.map(({ page }) => `${page} 0 R`).join(' ')}]/Count ${pages.length}>>`);
  object(3, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>');
  pages.forEach(({ width, height, content, images, rotate = 0 }, index) => {
    const own = ids[index]!;
    const named = own.images.map((id, at) => `/I${at} ${id} 0 R`).join(' ');
    object(own.page, `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Rotate ${rotate}/Resources<</Font<</F 3 0 R>>/XObject<<${named}>>>>/Contents ${own.content} 0 R>>`);
    object(own.content, `<</Length ${content.length}>>\nstream\n${content}\nendstream`);
    images.forEach(({ entries, bytes }, at) => object(own.images[at]!, `<</Type/XObject/Subtype/Image${entries}/Length ${bytes.length}>>\nstream\n`, bytes, '\nendstream'));
  });
  const table = length();
  parts.push(Buffer.from(`xref\n0 ${next}\n0000000000 65535 f \n${starts.slice(1).map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size ${next}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A page that a grey JPEG fills; `turned` puts it there by that many quarters to the left, and `rotate` says how to look at it. */
export function jpegPage(jpeg: Buffer, dots = 200, turned = 0, rotate = 0): ScanPage {
  const { width, height } = pictureSize(jpeg);
  const [w, h] = [(width * 72) / dots, (height * 72) / dots];
  const places = [`${w} 0 0 ${h} 0 0`, `0 ${w} ${-h} 0 ${h} 0`, `${-w} 0 0 ${-h} ${w} ${h}`, `0 ${-w} ${h} 0 0 ${w}`];
  return {
    ...(turned % 2 === 0 ? { width: w, height: h } : { width: h, height: w }), rotate, content: `q ${places[turned]} cm /I0 Do Q`,
    images: [{ entries: `/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode`, bytes: jpeg }],
  };
}

/** A page that was laid on the glass askew: turned to the left by so many degrees about its middle. */
export function askewPage(jpeg: Buffer, degrees: number, dots = 200): ScanPage {
  const page = jpegPage(jpeg, dots);
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const [x, y] = [page.width / 2, page.height / 2];
  return { ...page, content: `q ${cos} ${sin} ${-sin} ${cos} ${x - x * cos + y * sin} ${y - x * sin - y * cos} cm ${page.content} Q` };
}

/** A PDF as a scanner makes it from a printed one. */
export const scanOf = (pdf: Buffer, options: Scanned = {}): Buffer => pdfOf(pictures(pdf, options).map((jpeg) => jpegPage(jpeg, options.dots)));

/** The points of a page of a PDF in shades of grey. */
export function greyPoints(pdf: Buffer, dots: number): { readonly width: number; readonly height: number; readonly points: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'perch-scan-'));
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf);
    execFileSync('pdftoppm', ['-r', String(dots), '-gray', '-l', '1', '-singlefile', join(folder, 'in.pdf'), join(folder, 'page')]);
    const file = readFileSync(join(folder, 'page.pgm'));
    const [head = '', width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 60))!;
    return { width: Number(width), height: Number(height), points: file.subarray(head.length) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page whose picture is a stencil of a bit a point, cut into strips, as black-and-white scanners send it. */
export function stencilPage(pdf: Buffer, dots = 200, strips = 8): ScanPage {
  const { width, height, points } = greyPoints(pdf, dots);
  const row = Math.ceil(width / 8);
  const rows = Math.ceil(height / strips);
  const [w, h] = [(width * 72) / dots, (height * 72) / dots];
  const images = Array.from({ length: strips }, (_, strip) => {
    const count = Math.min(rows, height - strip * rows);
    const bits = Buffer.alloc(row * count, 0xff);
    for (let y = 0; y < count; y += 1) for (let x = 0; x < width; x += 1) if (points[(strip * rows + y) * width + x]! < 128) bits[y * row + (x >> 3)]! &= ~(0x80 >> (x & 7));
    return { entries: `/Width ${width}/Height ${count}/ImageMask true/BitsPerComponent 1/Filter/FlateDecode`, bytes: deflateSync(bits), count };
  });
  const content = images.map(({ count }, strip) => `q ${w} 0 0 ${(count * 72) / dots} 0 ${h - ((strip * rows + count) * 72) / dots} cm /I${strip} Do Q`).join(' ');
  return { width: w, height: h, content, images };
}

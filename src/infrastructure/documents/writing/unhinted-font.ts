const HINTS: ReadonlySet<string> = new Set(['cvt ', 'fpgm', 'prep']);
const [MORE_COMPONENTS, HAS_INSTRUCTIONS, WIDE_ARGUMENTS, ONE_SCALE, TWO_SCALES, FOUR_SCALES] = [0x20, 0x100, 0x1, 0x8, 0x40, 0x80];
const HEAD_LONG_OFFSETS = 50;

/** A shape made of others: where the list of them ends is where its instructions begin. */
function withoutCompositeHints(glyph: Buffer): Buffer {
  const plain = Buffer.from(glyph);
  for (let at = 10; ; ) {
    const flags = plain.readUInt16BE(at);
    plain.writeUInt16BE(flags & ~HAS_INSTRUCTIONS, at);
    at += 4 + (flags & WIDE_ARGUMENTS ? 4 : 2) + (flags & ONE_SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & FOUR_SCALES ? 8 : 0);
    if (!(flags & MORE_COMPONENTS)) return plain.subarray(0, at);
  }
}

function withoutGlyphHints(glyph: Buffer): Buffer {
  if (glyph.length === 0) return glyph;
  const contours = glyph.readInt16BE(0);
  if (contours < 0) return withoutCompositeHints(glyph);
  const at = 10 + 2 * contours;
  return Buffer.concat([glyph.subarray(0, at), Buffer.alloc(2), glyph.subarray(at + 2 + glyph.readUInt16BE(at))]);
}

/** The shapes without their hints, each at a multiple of four bytes, and where each begins, in the wide form. */
function withoutHintsOf(glyf: Buffer, offsets: readonly number[]): { glyf: Buffer; loca: Buffer } {
  const loca = Buffer.alloc(4 * offsets.length);
  const glyphs = offsets.slice(1).map((end, index) => {
    const glyph = withoutGlyphHints(glyf.subarray(offsets[index], end));
    const padded = Buffer.concat([glyph], (glyph.length + 3) & ~3);
    loca.writeUInt32BE(loca.readUInt32BE(4 * index) + padded.length, 4 * (index + 1));
    return padded;
  });
  return { glyf: Buffer.concat(glyphs), loca };
}

function fontFile(version: Buffer, tables: ReadonlyMap<string, Buffer>): Buffer {
  const directory = Buffer.alloc(12 + 16 * tables.size);
  version.copy(directory);
  directory.writeUInt16BE(tables.size, 4);
  let offset = directory.length;
  const parts = [...tables].map(([tag, bytes], index) => {
    directory.write(tag, 12 + 16 * index, 'latin1');
    directory.writeUInt32BE(offset, 20 + 16 * index);
    directory.writeUInt32BE(bytes.length, 24 + 16 * index);
    const padded = Buffer.concat([bytes], (bytes.length + 3) & ~3);
    offset += padded.length;
    return padded;
  });
  return Buffer.concat([directory, ...parts]);
}

/** A TrueType font without the hints that low-resolution screens need: in a document they are a third of each font. */
export function unhintedFont(file: Buffer): Buffer {
  const tables = new Map<string, Buffer>();
  for (let at = 12; at < 12 + 16 * file.readUInt16BE(4); at += 16) {
    const tag = file.toString('latin1', at, at + 4);
    const offset = file.readUInt32BE(at + 8);
    if (!HINTS.has(tag)) tables.set(tag, file.subarray(offset, offset + file.readUInt32BE(at + 12)));
  }
  const [head, loca] = [Buffer.from(tables.get('head')!), tables.get('loca')!];
  const isLong = head.readInt16BE(HEAD_LONG_OFFSETS) === 1;
  const offsets = Array.from({ length: loca.length / (isLong ? 4 : 2) }, (_, index) => (isLong ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index)));
  const shapes = withoutHintsOf(tables.get('glyf')!, offsets);
  head.writeInt16BE(1, HEAD_LONG_OFFSETS);
  tables.set('head', head).set('glyf', shapes.glyf).set('loca', shapes.loca);
  return fontFile(file.subarray(0, 4), tables);
}

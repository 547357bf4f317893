import { inflateRawSync } from 'node:zlib';
import { tooComplex, unreadable } from './document-error.js';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const MAX_ENTRIES = 2_000;
/** Bytes that all parts read from one archive may take when unpacked. */
const BUDGET = 20 * 1_048_576;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly size: number;
  readonly offset: number;
}

/** Reads single parts of a zip archive within a budget; sizes that the archive claims are not believed. */
export class ZipReader {
  private readonly entries: readonly Entry[];
  private left = BUDGET;

  /** Throws DocumentError for what is not a complete archive or has too many parts. */
  constructor(private readonly file: Buffer) {
    try {
      this.entries = this.readDirectory();
    } catch (error) {
      if (error instanceof RangeError) throw unreadable('the archive is not complete');
      throw error;
    }
  }

  /** The part as text, or null where the archive has none of this name. */
  text(name: string): string | null {
    const entry = this.entries.find((candidate) => candidate.name === name);
    if (!entry) return null;
    const start = entry.offset + 30 + this.number(entry.offset + 26, 2) + this.number(entry.offset + 28, 2);
    const packed = this.file.subarray(start, start + entry.size);
    const content = entry.method === 0 ? packed : this.inflate(packed);
    this.left -= content.length;
    if (this.left <= 0) throw tooComplex('it unpacks to an unusual size');
    return content.toString('utf8');
  }

  private number(offset: number, bytes: number): number {
    if (offset < 0 || offset + bytes > this.file.length) throw unreadable('the archive is not complete');
    return this.file.readUIntLE(offset, bytes);
  }

  private inflate(packed: Buffer): Buffer {
    try {
      return inflateRawSync(packed, { maxOutputLength: Math.max(1, this.left) });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooComplex('it unpacks to an unusual size') : unreadable('the archive is damaged');
    }
  }

  private readDirectory(): Entry[] {
    let end = this.file.length - 22;
    const earliest = Math.max(0, end - 65_536);
    while (end >= earliest && this.file.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
    if (end < earliest) throw unreadable('it is not a complete archive');
    const count = this.number(end + 10, 2);
    if (count > MAX_ENTRIES) throw tooComplex('the archive has too many parts');
    const entries: Entry[] = [];
    for (let at = this.number(end + 16, 4); entries.length < count; ) {
      if (this.number(at, 4) !== DIRECTORY_ENTRY) throw unreadable('the list of the archive is damaged');
      const nameLength = this.number(at + 28, 2);
      entries.push({
        name: this.file.toString('utf8', at + 46, at + 46 + nameLength), method: this.number(at + 10, 2), size: this.number(at + 20, 4), offset: this.number(at + 42, 4),
      });
      at += 46 + nameLength + this.number(at + 30, 2) + this.number(at + 32, 2);
    }
    return entries;
  }
}

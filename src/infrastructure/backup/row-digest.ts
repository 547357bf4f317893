import { createHash, type Hash } from 'node:crypto';
import { sha256 } from '../../common/secrets.js';

const LANES = 8;
const NEW_LINE = 10;

/**
 * Counts and sums up rows of COPY text, which are lines: the SHA-256 of all rows added up as eight numbers of 32 bits. The sum does not
 * depend on the order, so that a table has the same digest however it was divided, and after it was restored.
 */
export class RowDigest {
  rows = 0;
  bytes = 0;
  private readonly lanes = new Uint32Array(LANES);
  /** The row that goes on in the next piece. */
  private open: Hash | null = null;

  push(piece: Buffer): void {
    this.bytes += piece.length;
    let start = 0;
    for (let end = piece.indexOf(NEW_LINE); end >= 0; end = piece.indexOf(NEW_LINE, start)) {
      const line = piece.subarray(start, end);
      this.addLine(this.open === null ? sha256(line) : this.open.update(line).digest());
      this.open = null;
      start = end + 1;
    }
    if (start < piece.length) (this.open ??= createHash('sha256')).update(piece.subarray(start));
  }

  /** Adds the digest of other rows of the same table. */
  add(digest: string): void {
    this.sum(Buffer.from(digest, 'hex'));
  }

  /** Eight numbers in hexadecimal. */
  get value(): string {
    const bytes = Buffer.alloc(LANES * 4);
    this.lanes.forEach((lane, index) => bytes.writeUInt32BE(lane, index * 4));
    return bytes.toString('hex');
  }

  private addLine(hash: Buffer): void {
    this.rows++;
    this.sum(hash);
  }

  private sum(hash: Buffer): void {
    for (let lane = 0; lane < LANES; lane++) this.lanes[lane] = this.lanes[lane]! + hash.readUInt32BE(lane * 4);
  }
}

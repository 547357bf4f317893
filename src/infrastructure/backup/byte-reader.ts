/** Reads exact numbers of bytes from pieces of any size. */
export class ByteReader {
  private readonly pieces: AsyncIterator<Buffer>;
  private held: Buffer[] = [];
  private size = 0;

  constructor(content: AsyncIterable<Buffer>) {
    this.pieces = content[Symbol.asyncIterator]();
  }

  /** The next bytes; fewer only where the content ends. */
  async take(count: number): Promise<Buffer> {
    while (this.size < count) {
      const next = await this.pieces.next();
      if (next.done) break;
      this.held.push(next.value);
      this.size += next.value.length;
    }
    const all = this.held.length === 1 ? this.held[0]! : Buffer.concat(this.held);
    const taken = all.subarray(0, count);
    this.held = all.length > count ? [all.subarray(count)] : [];
    this.size = all.length - taken.length;
    return taken;
  }

  /** Lets go of the content before its end. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}

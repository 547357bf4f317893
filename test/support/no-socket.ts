import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';

/** What a connection would have been made to; none is made. */
export class NoSocket extends Agent {
  readonly reached: string[] = [];

  constructor(protocol: 'http:' | 'https:' = 'http:') {
    super();
    Object.assign(this, { protocol });
  }

  override createConnection(options: object, created?: (error: Error | null, stream: Duplex) => void): Duplex {
    const { host, lookup } = options as { host: string; lookup?: LookupFunction };
    const stream = new PassThrough();
    const connect = (address: string): void => {
      this.reached.push(address);
      created?.(new Error('no socket in this test'), stream);
    };
    if (!lookup || /^[\d.]+$|:/.test(host)) connect(host);
    else lookup(host, { all: true }, (error, found) => (error ? created?.(error, stream) : connect((found as unknown as { address: string }[])[0]!.address)));
    return undefined as unknown as Duplex;
  }
}
